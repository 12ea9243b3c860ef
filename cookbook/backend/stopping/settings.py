"""Settings of the cluster that is stopped."""

Q_CLUSTER = {
    "name": "stopped",
    "workers": 2,
    "queue_limit": 4,
    "timeout": 3,
    "retry": 8,
    "save_limit": -1,
    "ALT_CLUSTERS": {},
}

PRODUCTION_PROCESSES = {
    "named": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "stopped"},
    },
}

DATABASES = {"default": {"CONN_MAX_AGE": 600}}
