"""A clean stop of this cluster takes at most 30 seconds, the time that Heroku gives."""

Q_CLUSTER = {
    "workers": 2,
    "queue_limit": 1,
    "timeout": 10,
    "retry": 60,
}

PRODUCTION_PROCESSES = {
    "shop": {
        "BACKEND": "named_worker.workers.NamedWorker",
    },
}
