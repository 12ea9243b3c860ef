"""What the worker of Procrastinate knows, and what it does each minute."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from . import schedules
from .queues import defer

# Three attempts, a minute apart, as with `max_attempts` 3 and `retry` 60.
RETRY = RetryStrategy(max_attempts=2, wait=60)

for path in getattr(settings, "MOVE_TO_PROCRASTINATE", {}):
    app.task(name=path, retry=RETRY)(import_string(path))


@app.task(name="run_chain", retry=RETRY)
def run_chain(steps: list[Any]) -> None:
    """Run the first step of a chain, and send the rest."""
    (path, kwargs), *rest = steps
    import_string(path)(**kwargs)
    if rest:
        defer("run_chain", steps=rest)


@app.periodic(cron="* * * * *")
@app.task(name="fire_due_schedules", queueing_lock="fire_due_schedules")
def fire_due_schedules(timestamp: int) -> None:
    schedules.fire_due()


@app.periodic(cron="* * * * *")
@app.task(
    name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True
)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Run again what a worker left that has shown no life for 30 seconds."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)
