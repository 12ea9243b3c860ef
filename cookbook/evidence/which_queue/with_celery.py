"""Celery: the settings are Django's, with the prefix CELERY_."""

from celery import Celery
from celery.schedules import crontab

from cookbook.evidence.which_queue import program

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")

TASKS = {
    "work": app.task(program.work),
    "hang": app.task(program.hang),
    "pause": app.task(program.pause),
    "stamp": app.task(program.stamp),
    "fail": app.task(
        program.fail,
        autoretry_for=(Exception,),
        max_retries=2,
        default_retry_delay=5,
    ),
}
app.conf.beat_schedule = {
    "tick": {"task": app.task(program.tick).name, "schedule": crontab(minute="*/2")}
}


def send(name, number):
    TASKS[name].delay(number)
