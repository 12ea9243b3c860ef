"""With django-prodserver: `python manage.py worker`, `worker celery`, `worker beat`."""

PRODUCTION_PROCESSES = {
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
    "celery": {
        "BACKEND": "django_prodserver.backends.workers.celery.CeleryWorker",
        "APP": "cookbook.scaling.leave_for_celery.celery.app",
        "ARGS": {"concurrency": "4", "loglevel": "INFO"},
    },
    "beat": {
        "BACKEND": "django_prodserver.backends.workers.celery.CeleryBeat",
        "APP": "cookbook.scaling.leave_for_celery.celery.app",
    },
}
