"""Django-Q2: a function needs no decorator, a schedule is a row of a table."""

from django_q.models import Schedule
from django_q.tasks import async_task, schedule

from cookbook.evidence.which_queue import program
from cookbook.scaling.bulk_enqueue.bulk import async_tasks


def send(name, number):
    async_task(getattr(program, name), number)


def send_many(name, numbers):
    async_tasks(getattr(program, name), numbers)


def plan():
    tick = f"{program.__name__}.tick"
    schedule(tick, schedule_type=Schedule.CRON, cron="*/2 * * * *")
