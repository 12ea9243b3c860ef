"""One project with three clusters: everyday work, what cannot wait, what takes long."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 240,
    "ALT_CLUSTERS": {
        "high": {"workers": 2, "queue_limit": 2, "poll": 0.05},
        "long": {"queue_limit": 1, "timeout": 3600, "retry": 11000},
    },
}

PRODUCTION_PROCESSES = {
    "shop": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "shop"},
    },
    "high": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "high"},
    },
    "long": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "long"},
    },
}
