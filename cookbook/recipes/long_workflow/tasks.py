"""The task that runs a workflow, and the function that queues it.

>>> from django_q.tasks import async_task
>>> from cookbook.recipes.long_workflow.models import WorkflowRun
>>> from cookbook.recipes.long_workflow.tasks import execute_workflow, queue_workflow
>>> from django.contrib.auth import get_user_model
>>> from django_q.tasks import fetch, result
>>> user = get_user_model().objects.create_user("ada")
>>> run = queue_workflow(user, "report", {"pages": 4, "seconds": 0})
>>> result(run.task_name, wait=10_000)
'completed'
>>> run.refresh_from_db()
>>> run.status, run.progress, run.outputs, run.deliveries
('completed', 100, {'pages': 4}, 1)

An exception fails the run and the task:

>>> bad = queue_workflow(user, "report", {"pages": 0})
>>> fetch(bad.task_name, wait=10_000).success
False
>>> bad.refresh_from_db()
>>> bad.status, bad.error
('failed', 'ValueError: a report needs at least one page')

So does a timeout, here of one second:

>>> slow = queue_workflow(user, "report", {"pages": 2, "seconds": 60}, timeout=1)
>>> fetch(slow.task_name, wait=10_000).success
False
>>> slow.refresh_from_db()
>>> slow.status, slow.error
('failed', 'TimeoutException: Task exceeded maximum timeout value (1 seconds)')

A timeout that `retry` was not made for is refused:

>>> queue_workflow(user, "report", {"pages": 2}, timeout=3600)
Traceback (most recent call last):
    ...
ValueError: the timeout of a run cannot be 3600 s

A second delivery leaves a finished run alone, and fails one whose worker died:

>>> from datetime import timedelta
>>> from django.utils import timezone
>>> result(async_task(execute_workflow, run.pk), wait=10_000)
'completed'
>>> lost = WorkflowRun.objects.create(
...     user=user, workflow="report", status="running",
...     started=timezone.now() - timedelta(hours=1),
... )
>>> result(async_task(execute_workflow, lost.pk), wait=10_000)
'failed'

`ack_failures` has taken both failures from the queue, so neither runs again:

>>> from django_q.models import OrmQ
>>> queued = {message.name() for message in OrmQ.objects.all()}
>>> queued & {bad.task_name, slow.task_name}
set()
"""

import asyncio
import logging
from functools import partial

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections, transaction
from django_q.tasks import async_task

from .models import WorkflowRun
from .workflows import WORKFLOWS

logger = logging.getLogger(__name__)


def queue_workflow(user, workflow, inputs, timeout=600):
    """Create a run and enqueue it on commit. `timeout` is in seconds.

    Raises ValueError for a timeout that the cluster's `retry` was not made for.
    """
    if not 0 < timeout <= settings.Q_CLUSTER["timeout"]:
        raise ValueError(f"the timeout of a run cannot be {timeout} s")
    run = WorkflowRun.objects.create(
        user=user, workflow=workflow, inputs=inputs, timeout=timeout
    )
    options = {"task_name": run.task_name, "timeout": timeout}
    transaction.on_commit(partial(async_task, execute_workflow, run.pk, **options))
    return run


def execute_workflow(run_id):
    """Run a workflow once, whatever happens, and keep what became of it."""
    run = WorkflowRun.objects.get(pk=run_id)
    if not run.claim():
        run.fail_if_lost()
        return str(run.status)
    try:
        run.outputs = asyncio.run(perform(run))
        run.finish(run.Status.COMPLETED)
    except BaseException as error:  # A timeout is a SystemExit, no Exception.
        run.finish(run.Status.FAILED, f"{type(error).__name__}: {error}")
        logger.exception("Workflow %s failed", run.workflow)
        raise
    return str(run.status)  # Plain: what a task returns is pickled.


async def perform(run):
    """Await the workflow and store its progress, in per cent, as it goes."""

    async def progress(percent):
        await WorkflowRun.objects.filter(pk=run.pk).aupdate(progress=percent)

    try:
        return await WORKFLOWS[run.workflow](run.inputs, progress)
    finally:
        # The asynchronous ORM has a thread of its own, with connections of its own.
        await sync_to_async(connections.close_all)()
