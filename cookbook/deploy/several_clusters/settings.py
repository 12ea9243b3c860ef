"""One project with four clusters, each for work of one kind."""

Q_CLUSTER = {
    "name": "low",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 240,
    "ALT_CLUSTERS": {
        "high": {"workers": 2, "queue_limit": 2, "poll": 0.05},
        "short": {"timeout": 5, "retry": 30},
        "long": {"queue_limit": 1, "timeout": 3600, "retry": 11000},
    },
}

PRODUCTION_PROCESSES = {
    "low": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "low"},
    },
    "high": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "high"},
    },
    "short": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "short"},
    },
    "long": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "long"},
    },
}
