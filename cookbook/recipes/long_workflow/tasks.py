"""The task that runs a workflow, and the function that queues it.

A successful run:

>>> from django.contrib.auth import get_user_model
>>> from django_q.tasks import result
>>> from cookbook.recipes.long_workflow.tasks import queue_workflow
>>> user, _ = get_user_model().objects.get_or_create(username="ada")
>>> run = queue_workflow(user, "report", {"pages": 4, "seconds": 0})
>>> result(run.task_name, wait=10_000)
'completed'
>>> run.refresh_from_db()
>>> run.status, run.progress, run.outputs
('completed', 100, {'pages': 4})

An exception fails the run and the task:

>>> from django.contrib.auth import get_user_model
>>> from django_q.tasks import fetch
>>> from cookbook.recipes.long_workflow.tasks import queue_workflow
>>> user, _ = get_user_model().objects.get_or_create(username="bob")
>>> run = queue_workflow(user, "report", {"pages": 0})
>>> fetch(run.task_name, wait=10_000).success
False
>>> run.refresh_from_db()
>>> run.status, run.error
('failed', 'ValueError: a report needs at least one page')

So does a timeout, here after one second:

>>> from django.contrib.auth import get_user_model
>>> from django_q.tasks import fetch
>>> from cookbook.recipes.long_workflow.tasks import queue_workflow
>>> user, _ = get_user_model().objects.get_or_create(username="cleo")
>>> run = queue_workflow(user, "report", {"pages": 2, "seconds": 60}, timeout=1)
>>> fetch(run.task_name, wait=10_000).success
False
>>> run.refresh_from_db()
>>> run.status, run.error
('failed', 'TimeoutException: Task exceeded maximum timeout value (1 seconds)')
"""

import asyncio
import logging
from functools import partial
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, transaction
from django_q.conf import Conf
from django_q.tasks import async_task

from .models import WorkflowRun
from .workflows import JSON, WORKFLOWS

logger = logging.getLogger(__name__)


def queue_workflow(
    user: AbstractBaseUser, workflow: str, inputs: JSON, timeout: int | None = None
) -> WorkflowRun:
    """Create a run and enqueue it on commit.

    `timeout` is in seconds. The cluster's `timeout` is the default and the maximum,
    because `retry` is too short for a longer run. Raises ValueError for more.
    """
    most = Conf.TIMEOUT or 600
    timeout = most if timeout is None else timeout
    if not 0 < timeout <= most:
        raise ValueError(f"the timeout of a run is 1 to {most} s, not {timeout}")
    run = WorkflowRun.objects.create(
        user=user, workflow=workflow, inputs=inputs, timeout=timeout
    )
    transaction.on_commit(partial(enqueue, run))
    return run


def enqueue(run: WorkflowRun) -> None:
    """Enqueue a run, or fail it, if the broker does not answer."""
    options = {"task_name": run.task_name, "timeout": run.timeout, "ack_failure": True}
    try:
        async_task(execute_workflow, run.pk, **options)
    except Exception as error:  # Each broker's driver has errors of its own.
        logger.exception("Workflow %s was not queued", run.workflow)
        reason = f"it was not queued: {type(error).__name__}"
        run.finish(run.Status.FAILED, error=reason)


def execute_workflow(run_id: UUID) -> str:
    """Run a workflow at most once, and store its outputs or its error."""
    run = WorkflowRun.objects.get(pk=run_id)
    if not run.claim():
        run.fail_if_lost()
        return str(run.status)
    try:
        outputs = asyncio.run(perform(run))
        run.finish(run.Status.COMPLETED, outputs=outputs)
    except BaseException as error:  # A timeout is a SystemExit.
        logger.exception("Workflow %s failed", run.workflow)
        run.finish(run.Status.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    return str(run.status)  # A plain string, because results are pickled.


async def perform(run: WorkflowRun) -> JSON:
    """Run the workflow, and store the progress that it reports, in per cent."""

    async def progress(percent: int) -> None:
        await WorkflowRun.objects.filter(pk=run.pk).aupdate(progress=percent)

    try:
        return await WORKFLOWS[run.workflow](run.inputs, progress)
    finally:
        # The asynchronous ORM opened its connections in another thread.
        await sync_to_async(connections.close_all)()
