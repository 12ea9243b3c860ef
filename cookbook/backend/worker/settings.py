"""What a project adds to its settings."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "timeout": 30,
    "retry": 120,
    "ALT_CLUSTERS": {"priority": {"workers": 1}},
}

PRODUCTION_PROCESSES = {
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
    "once": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
        "ARGS": {"run-once": None},
    },
}
