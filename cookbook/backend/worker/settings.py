"""One process, and a small memory of its cluster, so that a stop ends soon."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {"queue_limit": 2}

PRODUCTION_PROCESSES = {
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
}
