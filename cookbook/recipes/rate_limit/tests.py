"""Edges and faults; they need no cluster."""

from datetime import timedelta
from unittest.mock import patch

from django.db import OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test import TestCase, TransactionTestCase
from django_q.brokers.orm import ORM
from django_q.tasks import async_task

from . import limits
from .brokers import LimitedORM
from .limits import interval, take, wait_for_slot
from .models import Slot

HOUR = timedelta(hours=1)


class TakeTests(TestCase):
    def setUp(self):
        self.enterContext(patch.dict(limits.LIMITS, {"slow": (3, 60)}, clear=True))

    def begin(self, **changes: object) -> None:
        Slot.objects.update_or_create(name="slow: call", defaults=changes)

    def wait(self) -> float:
        wait = Slot.objects.annotate(wait=F("free") - Now()).get().wait
        return wait.total_seconds()

    def test_the_first_call_makes_the_row(self):
        self.assertGreater(take("slow"), 0)
        self.assertEqual(take("slow"), 0)
        self.assertIn("slow: call", str(Slot.objects.get()))

    def test_the_second_call_waits_for_an_interval(self):
        self.begin(free=Now())
        self.assertEqual(take("slow"), 0)
        self.assertAlmostEqual(take("slow"), interval("slow"), delta=5)

    def test_calls_that_nobody_made_are_not_made_up_for(self):
        self.begin(free=Now() - HOUR)
        self.assertEqual(take("slow"), 0)
        self.assertGreater(take("slow"), interval("slow") - 5)

    def test_a_clock_that_is_set_back_costs_one_window(self):
        self.begin(free=Now() + HOUR)
        self.assertAlmostEqual(take("slow"), 60, delta=1)
        self.assertAlmostEqual(self.wait(), 60, delta=5)

    def test_one_call_in_a_window(self):
        with patch.dict(limits.LIMITS, {"slow": (1, 60)}):
            self.assertEqual(interval("slow"), 60 + limits.LATE)

    def test_a_limit_that_is_not_there(self):
        with self.assertRaises(KeyError):
            take("fast")


class WaitTests(TransactionTestCase):
    def wait(self, *answers: object, clock: tuple[float, ...]) -> list[float]:
        """Return how long each wait was, with these answers of the database."""
        pauses: list[float] = []
        with (
            patch.object(limits, "take", side_effect=answers),
            patch.object(limits, "monotonic", side_effect=clock),
            patch.object(limits, "sleep", pauses.append),
        ):
            wait_for_slot("partner")
        return pauses

    def test_until_a_slot_is_free(self):
        self.assertEqual(self.wait(0.03, 0, clock=(0, 1, 1)), [0.03])

    def test_a_slot_that_came_too_late_is_not_used(self):
        self.assertEqual(self.wait(0, 0, clock=(0, 0.06, 1, 1)), [0])

    def test_until_the_database_is_back(self):
        gone = OperationalError("gone")
        self.assertEqual(self.wait(gone, gone, 0, clock=(0, 1, 2, 2)), [0.5, 0.5])

    def test_a_transaction_would_lock_the_row(self):
        with transaction.atomic(), self.assertRaises(RuntimeError):
            take("partner")


class BrokerTests(TransactionTestCase):
    def setUp(self):
        self.broker, self.waits = LimitedORM("shop"), [0.03]
        self.enterContext(patch.dict(limits.LIMITS, {"partner": (20, 1)}, clear=True))
        self.enterContext(patch(f"{LimitedORM.__module__}.take", self.take))

    def take(self, name: str, use: str) -> float:
        return self.waits.pop()

    def send(self, queue: str) -> None:
        async_task("math.sqrt", 4, broker=ORM(queue))

    def test_a_free_slot(self):
        self.send("partner")
        self.send("shop")
        self.waits = [0]
        self.assertEqual(len(self.broker.dequeue()), 1)
        self.assertEqual(ORM("partner").queue_size(), 0)

    def test_without_a_slot_other_tasks_go_on(self):
        self.send("partner")
        self.send("shop")
        self.assertEqual(len(self.broker.dequeue()), 1)
        self.assertEqual(ORM("partner").queue_size(), 1)

    def test_without_a_slot_and_other_tasks_the_pusher_waits(self):
        self.send("partner")
        self.assertIsNone(self.broker.dequeue())

    def test_an_empty_queue_takes_no_slot(self):
        self.send("shop")
        self.assertEqual(len(self.broker.dequeue()), 1)
        self.assertEqual(self.waits, [0.03])
