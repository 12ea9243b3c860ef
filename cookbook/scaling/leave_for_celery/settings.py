"""Two queues side by side; a line of MOVE_TO_CELERY says where new tasks go."""

# False: the worker of Celery knows the task. True: new tasks go there.
MOVE_TO_CELERY = {"django.core.mail.send_mail": False}

CELERY_BROKER_URL = "redis://localhost:6379/0"
# Seconds; longer than the longest task and the longest countdown.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_ACKS_LATE = True  # A task that a kill cuts off runs again.
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600  # What `timeout` is to Django-Q2.
CELERY_TIMEZONE = "UTC"  # The same as TIME_ZONE.
CELERY_BEAT_SCHEDULE = {
    "schedules of Django-Q2": {
        "task": "fire_due_schedules",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
}
