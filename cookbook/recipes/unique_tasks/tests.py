"""Test edge cases and faults of unique tasks. No cluster and no Redis is needed."""

from importlib.util import find_spec
from pydoc import locate
from threading import Event
from unittest import skipUnless
from unittest.mock import MagicMock, patch

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, IntegrityError, transaction
from django.test import TestCase, override_settings
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.signals import post_execute, pre_enqueue

from . import locks
from .locks import LockHeldError, LockLostError, only_one
from .models import Key
from .tasks import import_file
from .unique import enqueue_once

CONNECT = "django_q.brokers.redis_broker.Redis.get_connection"


class UniqueTests(TestCase):
    def setUp(self):
        self.enterContext(patch.object(Conf, "ORM", "default"))

    def test_another_broker_is_refused(self):
        with (
            patch.object(Conf, "ORM", None),
            self.assertRaises(ImproperlyConfigured),
        ):
            enqueue_once("a", "math.sqrt", 4)

    def test_a_taken_key_enqueues_nothing(self):
        self.assertIsNotNone(enqueue_once("a", "math.sqrt", 4))
        self.assertIsNone(enqueue_once("a", "math.sqrt", 9))
        queues = {"name": "shop", "ALT_CLUSTERS": {"mail": {}}}
        with override_settings(Q_CLUSTER=queues):
            self.assertIsNone(enqueue_once("a", "math.sqrt", 9, cluster="mail"))
        self.assertIsNotNone(enqueue_once("b", "math.sqrt", 9))
        self.assertEqual(OrmQ.objects.count(), 2)

    def test_a_fetched_task_keeps_its_key_until_it_is_acknowledged(self):
        enqueue_once("a", "math.sqrt", 4)
        broker = ORM(OrmQ.objects.get().key)
        [(message, _)] = broker.dequeue()
        self.assertIsNone(enqueue_once("a", "math.sqrt", 4))
        broker.acknowledge(message)
        self.assertIsNotNone(enqueue_once("a", "math.sqrt", 4))

    def test_a_rollback_frees_the_key(self):
        with self.assertRaises(KeyError), transaction.atomic():
            enqueue_once("a", "math.sqrt", 4)
            raise KeyError
        self.assertFalse(Key.objects.exists())
        self.assertIsNotNone(enqueue_once("a", "math.sqrt", 4))

    def test_a_transaction_goes_on_after_a_taken_key(self):
        enqueue_once("a", "math.sqrt", 4)
        with transaction.atomic():
            enqueue_once("a", "math.sqrt", 4)
            enqueue_once("b", "math.sqrt", 4)
        self.assertEqual(str(Key.objects.get(key="b")), "b")

    def test_an_error_of_somebody_else_is_not_a_taken_key(self):
        def receive(**_: object) -> None:
            raise IntegrityError

        pre_enqueue.connect(receive)
        self.addCleanup(pre_enqueue.disconnect, receive)
        with self.assertRaises(IntegrityError):
            enqueue_once("a", "math.sqrt", 4)

    def test_free_keys_can_be_deleted(self):
        enqueue_once("a", "math.sqrt", 4)
        OrmQ.objects.all().delete()
        enqueue_once("b", "math.sqrt", 4)
        locate(f"{Key.__module__}.Key.objects.delete_free")()  # As a schedule does.
        self.assertEqual([str(key) for key in Key.objects.all()], ["b"])


@skipUnless(find_spec("redis"), "needs redis")
class UniqueOnRedisTests(TestCase):
    def setUp(self):
        from . import unique_redis

        self.module = unique_redis
        self.enterContext(patch.object(Conf, "ORM", None))
        self.connect = self.enterContext(patch(CONNECT))
        unique_redis.server.cache_clear()
        self.addCleanup(unique_redis.server.cache_clear)

    def test_another_broker_is_refused(self):
        with (
            patch.object(Conf, "ORM", "default"),
            self.assertRaises(ImproperlyConfigured),
        ):
            self.module.enqueue_once("a", "math.sqrt", 4)

    def test_a_process_connects_once(self):
        for number in range(3):
            self.module.free({"name": "a", "id": number})
        self.connect.assert_called_once_with()

    def test_a_taken_key_enqueues_nothing(self):
        self.connect().eval.return_value = 0
        self.assertIsNone(self.module.enqueue_once("a", "math.sqrt", 4))
        self.connect().eval.return_value = 1
        self.assertIsNotNone(self.module.enqueue_once("a", "math.sqrt", 4))

    def test_a_key_that_cannot_be_the_name_of_a_task_is_refused(self):
        with self.assertRaisesMessage(ValueError, "100"):
            self.module.enqueue_once("a" * 101, "math.sqrt", 4)

    def test_the_monitor_survives_a_redis_that_is_gone(self):
        task = {"id": "1", "name": "a"}
        self.connect.side_effect = ConnectionError
        with self.assertLogs(self.module.__name__, "WARNING"):
            self.module.free(task)

    def test_it_listens_where_the_broker_is_redis(self):
        others = dict.fromkeys(
            ("BROKER_CLASS", "DJANGO_REDIS", "IRON_MQ", "MONGO", "ORM", "SQS")
        )
        own = {"BROKER_CLASS": "shop.Broker"}
        for changes, calls in (({}, 1), ({"REDIS": "redis://queue"}, 1),
                               ({"DJANGO_REDIS": "default"}, 1), ({"SQS": {}}, 0),
                               ({"ORM": "default", "REDIS": "redis://queue"}, 0),
                               (own, 0), (own | {"REDIS": "redis://queue"}, 1),
                               ):  # fmt: skip
            settings = others | {"REDIS": {}} | changes
            with (
                self.subTest(changes),
                patch.multiple(Conf, **settings),
                patch(f"{self.module.__name__}.listen") as listen,
            ):
                apps.get_containing_app_config(__name__).ready()
                self.assertEqual(listen.call_count, calls)

    def test_the_monitor_frees_the_key(self):
        self.module.listen()
        self.addCleanup(post_execute.disconnect, self.module.free)
        post_execute.send("test", task={"id": "1", "name": "a"})
        self.connect().eval.assert_called_once_with(self.module.FREE, 1, "once:a", "1")


class LockTests(TestCase):
    def test_a_second_import_comes_again_in_a_minute(self):
        with only_one("import"):
            import_file("prices.csv")
        self.assertEqual(Schedule.objects.get().args, "('prices.csv',)")
        self.assertEqual(import_file("prices.csv"), "imported")

    def test_a_lock_is_held_once_and_freed_by_an_error(self):
        with self.assertRaises(KeyError), only_one("a") as confirm:
            confirm()
            with only_one("b"), self.assertRaises(LockHeldError):
                only_one("a").__enter__()
            raise KeyError
        with only_one("a"):
            pass

    def test_a_lock_file_stands_beside_the_database(self):
        with (
            patch.dict(locks.connection.settings_dict, NAME=__file__),
            patch.object(locks, "sha256") as name,
        ):
            name().hexdigest.return_value = "a"
            with locks.on_sqlite("a"):
                file = locks.Path(__file__).with_name("a.lock")
                self.assertTrue(file.exists())
            file.unlink()

    def test_postgresql_that_was_restarted_has_lost_the_lock(self):
        session = MagicMock()
        cursor = session.cursor()
        with (
            patch.object(locks.connections, "create_connection", return_value=session),
            locks.on_postgresql("a") as confirm,
        ):
            confirm()
            cursor.execute.side_effect = Error
            cursor.__enter__().execute.side_effect = Error
            with self.assertRaises(LockLostError):
                confirm()
        session.close.assert_called_once()

    def test_postgresql_refuses_a_second_session(self):
        session = MagicMock()
        session.cursor().__enter__().fetchone.return_value = [False]
        with (
            patch.object(locks.connections, "create_connection", return_value=session),
            self.assertRaises(LockHeldError),
        ):
            locks.on_postgresql("a").__enter__()
        session.close.assert_called_once()

    def test_another_database_has_no_lock(self):
        with (
            patch.object(locks, "connection"),
            self.assertRaises(ImproperlyConfigured),
        ):
            only_one("a")


@skipUnless(find_spec("redis"), "needs redis")
class LockOnRedisTests(TestCase):
    def setUp(self):
        from . import locks_redis

        self.enterContext(patch(CONNECT))
        locks_redis.server.cache_clear()
        self.addCleanup(locks_redis.server.cache_clear)
        self.lock = self.enterContext(patch.object(locks_redis, "Lock"))()
        self.only_one = locks_redis.only_one

    def test_a_held_lock_is_refused(self):
        self.lock.acquire.return_value = False
        with self.assertRaises(LockHeldError):
            self.only_one("a").__enter__()

    def test_a_lock_is_renewed_until_its_block_ends(self):
        renewed = Event()
        self.lock.reacquire.side_effect = renewed.set
        with self.only_one("a", seconds=0.03):
            self.assertTrue(renewed.wait(10))
        self.lock.release.assert_called_once()

    def test_a_redis_that_was_restarted_has_lost_the_lock(self):
        from redis.exceptions import ConnectionError as RedisGone

        asked = Event()

        def gone() -> None:
            asked.set()
            raise RedisGone

        self.lock.reacquire.side_effect = gone
        self.lock.release.side_effect = RedisGone
        with self.only_one("a", seconds=0.03) as confirm:
            self.assertTrue(asked.wait(10))  # The thread goes on.
            with self.assertRaises(LockLostError):
                confirm()
