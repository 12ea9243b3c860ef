"""Edges and faults; they need no cluster."""

from collections import Counter
from contextlib import contextmanager
from unittest.mock import MagicMock, patch

from django.db import OperationalError, transaction
from django.test import TransactionTestCase
from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ, Success
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_task, result

from . import bulk
from .bulk import BadItemError, Call, async_tasks
from .writers import PartlyEnqueuedError, to_redis

ONE = {"group": "a", "hook": "math.sqrt", "save": True, "cached": 60, "timeout": 9,
       "ack_failure": True, "cluster": "mail", "task_name": "b", "base": 8}  # fmt: skip
SHADOW = {"q_options": {"group": "a", "task_name": "b", "sync": False}, "group": 5}
ITER = {"iter_count": 2, "iter_cached": 60, "cached": True, "chain": [("math.sqrt",)]}


def no_number():
    yield 4
    raise LookupError("of the reader's generator")


@contextmanager
def receiver(function):
    pre_enqueue.connect(function)
    yield
    pre_enqueue.disconnect(function)


class One(Broker):
    """A broker of which nothing is known, and which fails at its third task."""

    def __init__(self, list_key=None):
        super().__init__(list_key)
        self.payloads = []

    def enqueue(self, task):
        if len(self.payloads) == 2:
            raise OSError("gone")
        self.payloads.append(task)


class Many(One):
    def enqueue_many(self, payloads):
        self.payloads += payloads


class OrmMany(ORM):
    def enqueue_many(self, payloads):
        return [self.enqueue(payload) for payload in payloads]


class BulkTests(TransactionTestCase):
    def setUp(self):
        self.enterContext(patch.multiple(Conf, ORM="default", SYNC=False))
        self.enterContext(patch.object(pre_enqueue, "receivers", []))  # Of your site.
        self.broker = ORM("bulk")

    def enqueue(self, arguments, func="math.sqrt", **options):
        return async_tasks(func, arguments, broker=self.broker, **options)

    def packages(self):
        rows = OrmQ.objects.filter(key="bulk").order_by("pk")
        return [SignedPackage.loads(row.payload) for row in rows]


class PackageTests(BulkTests):
    def test_each_package_is_that_of_async_task(self):
        for options in ({}, ONE, SHADOW, ITER):
            for default in (False, True):
                conf = {"CACHED": default, "ACK_FAILURES": default}
                with (
                    self.subTest(options=options, **conf),
                    patch.multiple(Conf, **conf),
                ):
                    self.enqueue([(4, 5)], **options)
                    async_task("math.sqrt", 4, 5, broker=self.broker, **options)
                    one, other = self.packages()[-2:]
                    for task in (one, other):  # A name is four words, or the option.
                        self.assertEqual(len(task.pop("id")), 32)
                        self.assertIn(task.pop("name").count("-"), (0, 3))
                        self.assertLess(task.pop("started"), timezone.now())
                    self.assertEqual(one, other)

    def test_a_task_has_a_name(self):
        for options in (ONE, SHADOW):
            self.enqueue([4], **options)
            self.assertEqual(self.packages()[-1]["name"], "b")

    def test_ids_and_rows_are_in_order(self):
        with patch.object(bulk, "BATCH", 3):
            ids = self.enqueue(range(10))
        self.assertEqual([task["id"] for task in self.packages()], ids)
        self.assertEqual([task["args"] for task in self.packages()],
                         [(n,) for n in range(10)])  # fmt: skip

    def test_a_batch_ends_when_its_payloads_are_large(self):
        with (
            patch.object(bulk, "SIZE", 1000),
            self.assertNumQueries(2 + 3),  # Begin, commit, and three statements.
        ):
            self.enqueue(["a" * 600] * 3)

    def test_no_item_is_no_task(self):
        self.assertEqual(self.enqueue([]), [])
        self.assertFalse(OrmQ.objects.exists())

    def test_a_call_has_options_of_its_own(self):
        own = Call("7", base=8, task_name="a", q_options={"group": "mine"})
        self.enqueue([own, "9"], int, q_options={"group": "all", "save": True})
        one, other = self.packages()
        self.assertEqual((one["name"], one["group"], one["save"]), ("a", "mine", True))
        self.assertEqual((one["args"], one["kwargs"]), (("7",), {"base": 8}))
        self.assertEqual((other["group"], other["kwargs"]), ("all", {}))

    def test_the_queue_is_the_same_for_all(self):
        for options in ({"cluster": "a"}, {"q_options": {"sync": True}}):
            with self.assertRaisesMessage(TypeError, "to async_tasks instead"):
                Call(4, **options)

    def test_the_broker_of_a_cluster(self):
        with patch.object(bulk, "get_broker", ORM):
            async_tasks("math.sqrt", [4], cluster="mail")
        self.assertEqual(OrmQ.objects.get().key, "mail")


class SignalTests(BulkTests):
    def test_a_receiver_can_change_each_task(self):
        def mark(task, **_):
            task["kwargs"]["seen_by"] = task["args"][0]

        with receiver(mark):
            self.enqueue([4, 9])
        self.assertEqual([task["kwargs"] for task in self.packages()],
                         [{"seen_by": 4}, {"seen_by": 9}])  # fmt: skip

    def test_what_a_receiver_raises_comes_through(self):
        def refuse(task, **_):
            if task["args"] == (9,):
                raise PermissionError

        with receiver(refuse), self.assertRaises(PermissionError):
            self.enqueue([4, 9])
        self.assertFalse(OrmQ.objects.exists())

    def test_a_receiver_that_asks_for_sync(self):
        def run(task, **_):
            task["sync"] = True

        with receiver(run), self.assertRaisesMessage(BadItemError, "set sync"):
            self.enqueue([4])

    def test_sync(self):
        for conf, options in ((True, {}), (False, {"sync": True})):
            with patch.object(Conf, "SYNC", conf):
                ids = self.enqueue([4, Call(9)], save=True, **options)
            self.assertEqual([result(one) for one in ids], [2, 3])
        self.assertEqual(Success.objects.count(), 4)
        self.assertFalse(OrmQ.objects.exists())


class NoneTests(BulkTests):
    def test_an_item_that_cannot_be_pickled(self):
        items = [4, 9, (n for n in ())]
        with (
            patch.object(bulk, "BATCH", 1),
            self.assertRaises(BadItemError) as caught,
        ):
            self.enqueue(items)
        self.assertEqual(caught.exception.index, 2)
        self.assertIn("item 2, (<generator", str(caught.exception))
        self.assertFalse(OrmQ.objects.exists())

    def test_a_transaction_goes_on_without_them(self):
        with transaction.atomic():
            self.enqueue([4])
            with self.assertRaises(BadItemError):
                self.enqueue([9, (n for n in ())])
        self.assertEqual(len(self.packages()), 1)

    def test_a_transaction_of_another_database_is_left_alone(self):
        # The database of the queue would be in no transaction.
        queue = "django_q.brokers.orm.transaction.get_autocommit"
        close = "django_q.brokers.orm.db.close_old_connections"
        with patch(queue, return_value=True), patch(close) as close:
            with transaction.atomic():
                self.enqueue([4])
            close.assert_not_called()
            self.enqueue([9])
            close.assert_called_once_with()
        self.assertEqual(len(self.packages()), 2)

    def test_a_rollback_takes_them_back(self):
        with self.assertRaises(LookupError), transaction.atomic():
            self.enqueue([4])
            raise LookupError
        self.assertFalse(OrmQ.objects.exists())

    def test_a_generator_that_raises(self):
        with patch.object(bulk, "BATCH", 1), self.assertRaises(LookupError):
            self.enqueue(no_number())
        self.assertFalse(OrmQ.objects.exists())

    def test_a_database_that_goes(self):
        with (
            patch.object(bulk, "BATCH", 1),
            patch(
                "django.db.models.QuerySet.bulk_create", side_effect=OperationalError
            ),
            self.assertRaises(OperationalError),
        ):
            self.enqueue([4, 9])
        self.assertFalse(OrmQ.objects.exists())


class OtherBrokerTests(BulkTests):
    def test_one_by_one(self):
        self.broker = One()
        with self.assertRaises(PartlyEnqueuedError) as caught:
            self.enqueue([4, 9, 16])
        self.assertIn("the first 2 of 3 tasks are enqueued", str(caught.exception))
        self.assertEqual(len(self.broker.payloads), caught.exception.count)

    def test_one_by_one_to_the_end(self):
        self.broker = One()
        self.assertEqual(len(self.enqueue([4, 9])), len(self.broker.payloads))

    def test_a_bad_item_goes_before_the_first_task(self):
        self.broker = One()
        with self.assertRaises(BadItemError):
            self.enqueue([4, (n for n in ())])
        self.assertEqual(self.broker.payloads, [])

    def test_a_broker_with_enqueue_many(self):
        self.broker = Many()
        ids = self.enqueue([4, 9, 16])
        packages = map(SignedPackage.loads, self.broker.payloads)
        self.assertEqual([task["id"] for task in packages], ids)

    def test_an_orm_broker_with_enqueue_many(self):
        self.broker = OrmMany("bulk")
        with patch.object(bulk, "BATCH", 1), self.assertRaises(BadItemError):
            self.enqueue([4, (n for n in ())])
        self.assertFalse(OrmQ.objects.exists())
        self.enqueue([4, 9])
        self.assertEqual(len(self.packages()), 2)

    def test_redis_keeps_nothing_of_a_call_that_fails(self):
        broker = MagicMock(list_key="django_q:bulk:q")
        steps = to_redis(broker)
        next(steps)(["a", "b"])
        with self.assertRaises(LookupError):
            steps.throw(LookupError())
        broker.connection.delete.assert_called_once()
        broker.connection.eval.assert_not_called()

    def test_a_redis_that_forgets(self):
        broker = MagicMock(list_key="django_q:bulk:q")
        for size, outcome in ((b"2", None), (1, "kept 1 of 2 tasks")):
            broker.connection.eval.return_value = size
            steps = to_redis(broker)
            next(steps)(["a", "b"])
            with self.subTest(size):
                if outcome:
                    with self.assertRaisesMessage(RuntimeError, outcome):
                        next(steps)
                else:
                    self.assertRaises(StopIteration, next, steps)
        names = Counter(name for name, *_ in broker.connection.mock_calls)
        self.assertEqual(names["delete"], 1)
