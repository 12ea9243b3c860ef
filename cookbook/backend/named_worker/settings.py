"""What a project adds to its settings."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "timeout": 30,
    "retry": 120,
    "ALT_CLUSTERS": {"priority": {"workers": 1, "queue_limit": 1}},
}

PRODUCTION_PROCESSES = {
    "shop": {
        "BACKEND": "named_worker.workers.NamedWorker",
        "ARGS": {"name": "shop"},
    },
    "priority": {
        "BACKEND": "named_worker.workers.NamedWorker",
        "ARGS": {"name": "priority"},
    },
}
