"""Those of the page with the Procfile, and a timeout that no task reaches."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {
    "name": "shop",
    "workers": 2,
    "queue_limit": 1,
    "timeout": 600,
    "retry": 900,
}

PRODUCTION_PROCESSES = {
    "shop": {"BACKEND": "cookbook.backend.named_worker.workers.NamedWorker"},
}
