"""A process for the queue of the settings, and one for the queue `priority`."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {
    "queue_limit": 2,
    "ALT_CLUSTERS": {"priority": {"workers": 1, "queue_limit": 1}},
}

PRODUCTION_PROCESSES = {
    "worker": {"BACKEND": "cookbook.backend.named_worker.workers.NamedWorker"},
    "priority": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "priority"},
    },
}
