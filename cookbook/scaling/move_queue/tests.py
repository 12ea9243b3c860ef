"""Test kills, wrong files and each kind of broker. No cluster or Redis needed."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from . import packages


class FakeRedis(dict):
    """A connection to a Redis that holds lists; decode_responses is not set."""

    def lindex(self, key, place):
        return next(iter(self.get(key, [])), None)

    def lmove(self, source, target):
        if not self[source]:
            return None
        self.setdefault(target, []).append(self[source].pop(0))
        return self[target][-1]

    def lrem(self, key, count, value):
        self[key].remove(value)


class FakeBroker(Broker):
    connection = FakeRedis()

    def get_connection(self, list_key=None):
        return self.connection

    def queue_size(self):
        return len(self.connection[self.list_key])


class MoveTests(TransactionTestCase):
    def setUp(self):
        self.file = Path(self.enterContext(TemporaryDirectory()), "tasks.txt")
        self.queue = Conf.CLUSTER_NAME

    def move(self, *arguments: str) -> str:
        out = StringIO()
        call_command("move_queue", *map(str, arguments), stdout=out)
        return out.getvalue()

    def enqueue(self, count: int) -> list[str]:
        for number in range(count):
            async_task("math.sqrt", number)
        return list(OrmQ.objects.order_by("pk").values_list("payload", flat=True))

    def test_there_and_back(self):
        tasks = self.enqueue(3)
        self.assertIn("3 tasks moved", self.move("--to", self.file))
        self.assertFalse(OrmQ.objects.exists())
        self.assertEqual(self.file.read_text().splitlines(), tasks)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertIn("3 tasks enqueued", self.move("--from", self.file))
        self.assertEqual(self.enqueue(0), tasks)

    def test_a_second_time_with_the_same_file(self):
        for count in (2, 3):
            self.enqueue(count)
            self.assertIn(f"{count} tasks moved", self.move("--to", self.file))
            self.assertIn(f"{count} tasks enqueued", self.move("--from", self.file))
            OrmQ.objects.all().delete()

    def test_another_queue(self):
        alternatives = {"ALT_CLUSTERS": {"mail": {}}}
        with override_settings(Q_CLUSTER=settings.Q_CLUSTER | alternatives):
            async_task("math.sqrt", 4, cluster="mail")
            self.assertIn(" 0 tasks", self.move("--to", self.file))
            self.assertIn("mail: 1 tasks", self.move("--to", self.file, "--queue=mail"))

    def test_an_unknown_queue_is_an_error(self):
        with self.assertRaisesMessage(CommandError, "no setting names a queue 'shpo'"):
            self.move("--to", self.file, "--queue", "shpo")
        self.assertFalse(self.file.exists())

    def test_a_kill_before_the_broker_forgets(self):
        self.enqueue(3)
        with (
            patch.object(
                type(get_broker()), "acknowledge", side_effect=OSError("killed")
            ),
            self.assertRaisesMessage(CommandError, "OSError: killed"),
        ):
            self.move("--to", self.file)
        self.assertEqual(len(packages.read(self.file)), Conf.BULK)
        with self.assertRaisesMessage(CommandError, "tasks are fetched"):
            self.move("--to", self.file)
        OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
        self.move("--to", self.file)
        numbers = [SignedPackage.loads(task) for task in packages.read(self.file)]
        self.assertEqual([task["args"] for task in numbers], [(0,), (1,), (2,)])
        self.assertFalse(OrmQ.objects.exists())

    def test_a_kill_within_a_line(self):
        first, second = self.enqueue(2)
        self.file.write_text(f"{first}\n{second[:20]}")
        OrmQ.objects.filter(payload=first).delete()
        self.assertIn("1 tasks moved", self.move("--to", self.file))
        self.assertEqual(self.file.read_text(), f"{first}\n{second}\n")

    def test_a_kill_between_two_tasks_that_are_enqueued(self):
        tasks, enqueue = self.enqueue(3), get_broker().enqueue
        self.move("--to", self.file)
        with (
            patch.object(
                type(get_broker()),
                "enqueue",
                side_effect=[enqueue(tasks[0]), OSError("gone")],
            ),
            self.assertRaisesMessage(CommandError, "gone"),
        ):
            self.move("--from", self.file)
        self.assertIn("2 tasks enqueued", self.move("--from", self.file))
        self.assertEqual(self.enqueue(0), tasks)

    def test_a_file_of_something_else_is_left_as_it_is(self):
        self.enqueue(1)
        for text in ("DEBUG = False", "DEBUG = False\n"):
            self.file.write_text(text)
            for way in ("--to", "--from"):
                with self.assertRaisesMessage(CommandError, "line 1: no task"):
                    self.move(way, self.file)
            self.assertEqual(self.file.read_text(), text)
        self.assertEqual(OrmQ.objects.count(), 1)

    def test_another_key_moves_nothing(self):
        self.enqueue(2)
        self.move("--to", self.file)
        with (
            patch.object(Conf, "SECRET_KEY", "another"),
            self.assertRaisesMessage(CommandError, "nothing was moved"),
        ):
            self.move("--from", self.file)
        self.assertFalse(OrmQ.objects.exists())

    def test_a_file_that_is_not_there(self):
        with self.assertRaisesMessage(CommandError, "FileNotFoundError"):
            self.move("--from", self.file)

    def test_redis_forgets_no_task_that_is_not_in_the_file(self):
        tasks = [task.encode() for task in self.enqueue(3)]
        aside = f"{self.queue}:moving"
        redis = FakeRedis({self.queue: tasks[1:], aside: tasks[:1]})
        with (
            patch.object(FakeBroker, "connection", redis),
            patch.object(packages, "get_broker", FakeBroker),
        ):
            self.assertEqual(packages.save(self.queue, self.file), (3, 0))
        self.assertEqual(self.file.read_bytes().split(), tasks)
        self.assertEqual(redis, {self.queue: [], aside: []})
