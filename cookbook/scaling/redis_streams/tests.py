"""What the broker promises, on the Redis of your settings, in a queue of its own."""

import pickle
from unittest.mock import Mock, patch
from uuid import uuid4

from django.test import SimpleTestCase
from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf
from redis import exceptions
from redis.backoff import NoBackoff

from . import broker as module
from .broker import GROUP, StreamsBroker, text


class StreamsTests(SimpleTestCase):
    def setUp(self):
        self.queue = f"tests-{uuid4().hex}"
        self.broker, self.other = StreamsBroker(self.queue), StreamsBroker(self.queue)
        self.redis = self.broker.connection
        self.addCleanup(self.redis.delete, self.broker.dead, self.broker.stream)
        self.configure(RETRY=60, BULK=1, MAX_ATTEMPTS=0)

    def configure(self, **values: object) -> None:
        for name, value in values.items():
            self.enterContext(patch.object(Conf, name, value))

    def consumers(self) -> list[str]:
        rows = self.redis.xinfo_consumers(self.broker.stream, GROUP)
        return [text(row["name"]) for row in rows]

    def look(self, broker: StreamsBroker) -> list[tuple[str, str]] | None:
        """Fetch when every task is late that has been fetched before."""
        broker.next_look = 0
        with patch.object(Conf, "RETRY", 0):
            return broker.dequeue()

    def test_acknowledged_tasks_leave_nothing(self):
        self.broker.enqueue("one")
        [(task_id, task)] = self.broker.dequeue()
        self.assertEqual((task, self.broker.lock_size()), ("one", 1))
        self.assertEqual(self.broker.acknowledge(task_id), 1)
        self.assertEqual(self.broker.acknowledge(task_id), 0)
        self.assertEqual(self.broker.lock_size(), 0)
        self.assertEqual(self.redis.xlen(self.broker.stream), 0)

    def test_many(self):
        ids = self.broker.enqueue_many(["one", "two", "three"])
        self.configure(BULK=2)
        self.assertEqual(self.broker.dequeue(), [(ids[0], "one"), (ids[1], "two")])
        self.assertEqual((self.broker.queue_size(), self.broker.lock_size()), (1, 2))
        self.assertEqual(self.broker.enqueue_many([]), [])

    def test_a_late_task_runs_again(self):
        self.broker.enqueue("one")
        first = self.broker.dequeue()
        with patch.object(Conf, "RETRY", 0):
            self.assertEqual(
                (self.broker.queue_size(), self.broker.lock_size()), (1, 0)
            )
        self.assertEqual(self.look(self.other), first)
        self.assertIsNone(self.other.dequeue())

    def test_the_last_attempt(self):
        self.broker.enqueue("one")
        self.configure(MAX_ATTEMPTS=2)
        self.broker.dequeue()
        self.assertEqual(len(self.look(self.broker)), 1)
        with self.assertLogs("django-q", "ERROR"):
            self.assertIsNone(self.look(self.broker))
        self.assertEqual((self.broker.queue_size(), self.broker.lock_size()), (0, 0))
        [(letter, task, why)] = self.broker.dead_letters()
        self.assertEqual((task, why), ("one", "fetched 2 times, never acknowledged"))
        self.assertTrue(self.broker.requeue(letter))
        self.assertFalse(self.broker.requeue(letter))
        self.assertEqual(self.broker.dead_letters(), [])
        self.assertEqual(self.broker.dequeue()[0][1], "one")

    def test_a_task_that_cannot_be_read(self):
        self.broker.enqueue("one")
        [(task_id, _)] = self.broker.dequeue()
        with self.assertLogs("django-q", "ERROR"):
            self.broker.fail(task_id)
        self.assertEqual(self.broker.lock_size(), 0)
        self.assertEqual(self.broker.dead_letters()[0][1], "one")

    def test_an_entry_that_somebody_has_deleted(self):
        self.redis.xdel(self.broker.stream, self.broker.enqueue("one"))
        task_id = self.broker.enqueue("two")
        self.broker.dequeue()
        self.redis.xdel(self.broker.stream, task_id)
        self.look(self.broker)
        pending = self.redis.xpending(self.broker.stream, GROUP)["pending"]
        self.assertEqual(pending, 0)

    def test_the_consumer_of_a_dead_cluster_goes_when_it_has_no_task(self):
        self.broker.enqueue("one")
        [(task_id, _)] = self.broker.dequeue()
        while self.redis.xinfo_consumers(self.broker.stream, GROUP)[0]["idle"] < 1:
            pass
        self.other.dequeue()
        self.assertIn(self.broker.consumer, self.consumers())
        self.broker.acknowledge(task_id)
        self.look(self.other)
        self.assertNotIn(self.broker.consumer, self.consumers())

    def test_the_list_of_the_stock_broker(self):
        stock = Redis(self.queue)
        for task in ("one", "two"):
            stock.enqueue(task)
        self.assertEqual(self.broker.queue_size(), 2)
        self.assertEqual(self.broker.dequeue()[0][1], "one")
        self.assertEqual((stock.queue_size(), self.broker.queue_size()), (0, 1))
        stock.enqueue("three")
        self.broker.delete_queue()
        self.assertEqual((self.broker.queue_size(), stock.queue_size()), (0, 0))

    def test_a_full_redis_keeps_the_list(self):
        Redis(self.queue).enqueue("one")
        self.broker.queue_size()  # It makes the group.
        script = module.LATE.replace("'XADD', stream,", "'XADD', 'not a stream',")
        self.redis.set("not a stream", "")
        self.addCleanup(self.redis.delete, "not a stream")
        with patch.object(module, "LATE", script):
            self.assertIsNone(self.broker.dequeue())
        self.assertEqual(self.broker.queue_size(), 1)

    def test_a_group_that_is_gone(self):
        self.broker.enqueue_many(["one", "two"])
        [(task_id, _)] = self.broker.dequeue()
        self.redis.xgroup_destroy(self.broker.stream, GROUP)
        tasks = [self.broker.dequeue()[0] for _ in range(2)]
        self.assertEqual([task for _, task in tasks], ["one", "two"])
        self.assertEqual(self.broker.acknowledge(task_id), 1)

    def test_a_group_that_another_cluster_makes_first(self):
        self.broker.queue_size()
        call = Mock(side_effect=[exceptions.ResponseError("NOGROUP"), 7])
        self.assertEqual(self.broker._with_group(call), 7)

    def test_a_group_that_cannot_be_made(self):
        error = exceptions.OutOfMemoryError("used memory > 'maxmemory'")
        with (
            patch.object(self.redis, "xgroup_create", side_effect=error),
            self.assertRaisesMessage(exceptions.OutOfMemoryError, "maxmemory"),
        ):
            self.broker.dequeue()

    def test_a_key_that_is_no_stream(self):
        self.redis.set(self.broker.stream, "")
        with self.assertRaisesMessage(exceptions.ResponseError, "WRONGTYPE"):
            self.broker.dequeue()

    def test_a_redis_that_goes_and_comes_back(self):
        task_id = self.broker.enqueue("one")
        away = exceptions.ConnectionError("gone")
        with (
            patch.object(self.redis, "eval", side_effect=away),
            patch.object(module, "sleep"),
            self.assertLogs("django-q", "ERROR") as logs,
        ):
            self.assertIsNone(self.broker.dequeue())
        self.assertIn("does not answer", logs.output[0])
        self.assertEqual(self.broker.dequeue(), [(task_id, "one")])
        with (
            patch.object(self.redis, "eval", side_effect=[away, away, 1]),
            patch.object(module, "ConstantBackoff", lambda _: NoBackoff()),
        ):
            self.assertEqual(self.broker.acknowledge(task_id), 1)

    def test_a_task_that_is_too_large(self):
        with (
            patch.object(module, "LARGEST", 3),
            self.assertRaisesMessage(ValueError, "A task has 5 bytes, but Redis"),
        ):
            self.broker.enqueue_many(["one", "three"])
        self.assertEqual(self.broker.queue_size(), 0)

    def test_a_redis_that_evicts(self):
        memory = {"maxmemory": 1, "maxmemory_policy": "allkeys-lru"}
        self.enterContext(patch.object(self.redis, "info", return_value=memory))
        with self.assertLogs("django-q", "WARNING") as logs:
            self.assertTrue(self.broker.ping())
        self.assertIn("allkeys-lru", logs.output[0])
        memory["maxmemory_policy"] = "noeviction"
        with self.assertNoLogs("django-q", "WARNING"):
            self.broker.ping()

    def test_a_client_that_decodes(self):
        self.assertEqual((text("one"), text(b"one")), ("one", "one"))

    def test_a_process_that_is_spawned(self):
        self.broker.enqueue("one")
        copy = pickle.loads(pickle.dumps(self.broker))
        self.assertEqual(copy.dequeue()[0][1], "one")
