"""Edges and faults; they need no cluster."""

import asyncio
import pickle
import signal
import threading
from pydoc import locate
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.exceptions import SynchronousOnlyOperation
from django.db import OperationalError
from django.test import TestCase
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task, result

from . import bridge
from .bridge import aenqueue, async_to_task
from .tasks import greet

CALLS = []


@async_to_task
async def call(error=None):
    CALLS.append(threading.current_thread())
    if error:
        raise error
    return await bridge.sync_to_async(threading.current_thread)()


@async_to_task
async def hang():
    try:
        await asyncio.Event().wait()
    finally:
        await get_user_model().objects.acreate(username="cleaner")


class TaskTests(TestCase):
    def test_pickle_and_a_worker_find_it_by_its_name(self):
        self.assertIs(pickle.loads(pickle.dumps(greet)), greet)
        self.assertIs(locate(f"{greet.__module__}.greet"), greet)

    def test_its_result_is_stored(self):
        user = get_user_model().objects.create_user("ada")
        task = async_task(greet, [user.pk], sync=True)
        self.assertEqual(result(task), ["Hello, ada"])

    def test_its_error_is_that_of_the_task(self):
        for error in (KeyError("a"), TimeoutError("of a client"), OperationalError()):
            with self.assertRaises(type(error)) as caught:
                async_task(call, error, sync=True)
            self.assertEqual(str(caught.exception), str(error))

    def test_queries_run_in_the_thread_of_the_worker(self):
        CALLS.clear()
        self.assertIs(call(), threading.current_thread())
        self.assertIsNot(CALLS[0], threading.current_thread())

    def test_a_timeout_cancels_the_coroutine_which_can_still_use_the_database(self):
        with (
            patch.object(bridge, "seconds_left", return_value=0.01),
            self.assertRaises(TimeoutError),
        ):
            async_task(hang, sync=True)
        self.assertEqual(get_user_model().objects.get().get_username(), "cleaner")

    def test_the_seconds_that_are_left(self):
        self.assertIsNone(bridge.seconds_left())
        self.addCleanup(signal.setitimer, signal.ITIMER_REAL, 0)
        for timeout, seconds in ((600, 598), (100, 98)):
            signal.setitimer(signal.ITIMER_REAL, timeout)
            self.assertAlmostEqual(bridge.seconds_left(), seconds, delta=30)
        with patch.object(signal, "getitimer", return_value=(1, 0)):
            self.assertEqual(bridge.seconds_left(), 0.5)

    async def test_in_async_code_the_coroutine_is_below(self):
        with self.assertRaisesMessage(RuntimeError, "just await the async function"):
            call()
        await call.__wrapped__()


class EnqueueTests(TestCase):
    def setUp(self):
        self.enterContext(patch.object(Conf, "ORM", "default"))

    async def test_from_async_code(self):
        with self.assertRaises(SynchronousOnlyOperation):
            async_task(greet, [])
        task = await aenqueue(greet, [], group="a")
        row = await OrmQ.objects.aget()
        self.assertEqual((row.task_id(), row.group()), (task, "a"))
