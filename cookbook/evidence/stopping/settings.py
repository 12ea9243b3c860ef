"""The project of every cluster that is stopped."""

Q_CLUSTER = {
    "name": "shop",
    "workers": 2,
    "queue_limit": 4,
    "timeout": 3,
    "retry": 120,
    "save_limit": -1,
    "ALT_CLUSTERS": {},
}

INSTALLED_APPS = ["django_prodserver", "cookbook.deploy.without_daemons"]

PRODUCTION_PROCESSES = {
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
    "shop": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "shop"},
    },
}

DATABASES = {"default": {"CONN_MAX_AGE": 600}}
