"""Procrastinate: jobs are rows of PostgreSQL, and a periodic task saves the stalled."""

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from cookbook.evidence.which_queue import program

TASKS = {
    "work": app.task(program.work),
    "hang": app.task(program.hang),
    "pause": app.task(program.pause),
    "stamp": app.task(program.stamp),
    "fail": app.task(program.fail, retry=RetryStrategy(max_attempts=2, wait=5)),
}
app.periodic(cron="*/2 * * * *")(app.task(program.tick))


@app.periodic(cron=settings.RETRY_STALLED)
@app.task(queueing_lock="stalled", pass_context=True)
async def retry_stalled_jobs(context, timestamp):
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=15):
        await manager.retry_job(job)


def send(name, number):
    TASKS[name].defer(number=number)


def send_many(name, numbers):
    TASKS[name].batch_defer(*({"number": number} for number in numbers))
