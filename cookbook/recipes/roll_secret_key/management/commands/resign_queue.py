"""Sign the queue with SECRET_KEY, where SECRET_KEY_FALLBACKS holds its old key.

Five tasks are queued under the old key. No cluster serves the queue `later`:

>>> from unittest.mock import patch
>>> from django.core.management import call_command
>>> from django.test import override_settings
>>> from django_q.conf import Conf
>>> from django_q.tasks import async_task
>>> with patch.object(Conf, "SECRET_KEY", "the-key-of-last-year"):
...     tasks = [async_task("math.sqrt", 4, cluster="later") for _ in range(5)]
>>> with override_settings(SECRET_KEY_FALLBACKS=["the-key-of-last-year"]):
...     call_command("resign_queue", "later")
...     call_command("resign_queue", "later")
5 of 5 signed anew
0 of 5 signed anew
"""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf

from ...signatures import resign_list, resign_rows


def queue_names() -> list[str]:
    """Return the queues that the settings name."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name") or keys.get("name") or Conf.PREFIX
    return [own, *keys.get("ALT_CLUSTERS", {})]


class Command(BaseCommand):
    help = "Sign the queue with SECRET_KEY; SECRET_KEY_FALLBACKS holds its old key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "queues", nargs="*", help="All that Q_CLUSTER names, if none is given."
        )

    def handle(self, *, queues: list[str], **options: object) -> None:
        try:
            self.refuse_unknown(queues)
            changed, total = self.resign(queues)
        except CommandError:
            raise
        except Exception as error:  # Each broker's driver has errors of its own.
            raise CommandError(f"the broker does not answer: {error}") from error
        self.stdout.write(f"{changed} of {total} signed anew")

    def refuse_unknown(self, queues: list[str]) -> None:
        """A queue that the settings no longer name may still hold tasks."""
        for queue in sorted(set(queues) - set(queue_names())):
            broker = get_broker(queue)
            if not (broker.queue_size() or broker.lock_size()):
                raise CommandError(
                    f"no setting names a queue {queue!r}, and it holds no task; "
                    f"Q_CLUSTER has {', '.join(map(repr, queue_names()))}"
                )

    def resign(self, queues: list[str]) -> tuple[int, int]:
        broker = get_broker()
        if isinstance(broker, ORM):
            return resign_rows(queues)
        if not hasattr(type(broker.connection), "lrange"):  # No Redis.
            kind = type(broker).__name__
            raise CommandError(f"only ORM and Redis can be signed anew, not {kind}")
        lists = [get_broker(queue).list_key for queue in queues or queue_names()]
        counts = [resign_list(broker.connection, key) for key in lists]
        return sum(changed for changed, _ in counts), sum(total for _, total in counts)
