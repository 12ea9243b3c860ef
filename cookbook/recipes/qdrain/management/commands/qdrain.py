"""Wait until the queue is empty and no worker is busy.

Here a real cluster on the ORM broker serves the queue `shop`:

>>> from django_q.brokers import get_broker
>>> from tempfile import NamedTemporaryFile
>>> from threading import Timer
>>> from time import time
>>> from django.core.management import call_command
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.qdrain.busy import work_while
>>> hold = NamedTemporaryFile()
>>> tasks = [async_task(work_while, hold.name) for _ in range(3)]

One look, for a deploy that does not want to wait:

>>> call_command("qdrain", "--seconds", "0")
Traceback (most recent call last):
    ...
SystemExit: 1

Until all three have ended, two workers and one that waits for them:

>>> Timer(3, hold.close).start()
>>> call_command("qdrain", "--seconds", "90", "--queue", "shop", "--json")
{"drained": true, "seconds": ..., "queues": {"shop": {"waiting": 0, "locked": 0}}}
>>> drained_at = time()
>>> max(result(task, wait=60_000) for task in tasks) < drained_at
True

A queue that no cluster serves is never empty:

>>> _ = async_task(abs, -1, cluster="reports")
>>> call_command("qdrain", "--seconds", "0", "--queue", "reports")
Traceback (most recent call last):
    ...
SystemExit: 1
>>> get_broker("reports").purge_queue()
(1, {'django_q.OrmQ': 1})
"""

import json
import sys
from time import monotonic, sleep

from django.conf import settings
from django.core.management.base import BaseCommand
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.status import Stat

from ...busy import running


class Command(BaseCommand):
    help = __doc__.split("\n")[0]

    def add_arguments(self, parser):
        parser.add_argument("--queue", action="append", default=[], dest="queues")
        parser.add_argument("--seconds", type=float, default=300)
        parser.add_argument("--json", action="store_true")

    def handle(self, **chosen):
        queues = chosen["queues"] or configured()
        quiet = max(2, 4 * Conf.GUARD_CYCLE)
        start, told, empty = monotonic(), "", None
        while True:
            seen, now = look(queues), monotonic()
            line = sentence(seen)
            if line != told and not chosen["json"]:
                self.stdout.write(line)
            told = line
            empty = None if left(seen) else empty or now
            drained = empty is not None and now - empty >= quiet
            if drained or now - start >= chosen["seconds"]:
                break
            sleep(0.2)
        if chosen["json"]:
            facts = {"drained": drained, "seconds": round(now - start, 1)}
            self.stdout.write(json.dumps(facts | seen))
        else:
            self.stdout.write("drained" if drained else "not drained")
        if not drained:
            sys.exit(1)


def configured():
    """Return the queues that the settings name."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name", keys.get("name", Conf.PREFIX))
    return [own, *keys.get("ALT_CLUSTERS", {})]


def look(queues):
    """Count what is queued, what clusters hold in memory, and busy workers.

    A broker that locks a task until it is acknowledged needs no more than that.
    """
    counts = {}
    for queue in queues:
        broker = get_broker(queue)
        counts[queue] = {"waiting": broker.queue_size(), "locked": broker.lock_size()}
    facts = {"queues": counts}
    if any(count["locked"] is None for count in counts.values()):
        stats = Stat.get_all()
        facts["memory"] = sum(stat.task_q_size + stat.done_q_size for stat in stats)
        facts["busy"] = sum(queue in queues for queue in running(stats))
    return facts


def left(seen):
    """Count all that is not done."""
    counts = [number or 0 for c in seen["queues"].values() for number in c.values()]
    return sum(counts) + seen.get("memory", 0) + seen.get("busy", 0)


def sentence(seen):
    parts = [
        f"{queue}: {count['waiting']} waiting"
        + (f", {count['locked']} taken" if count["locked"] is not None else "")
        for queue, count in seen["queues"].items()
    ]
    parts += [f"{key}: {seen[key]}" for key in ("memory", "busy") if key in seen]
    return "; ".join(parts)
