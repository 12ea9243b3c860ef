"""The least that a project adds to its settings to start `manage.py worker`."""

INSTALLED_APPS = ["django_prodserver"]

PRODUCTION_PROCESSES = {
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
}
