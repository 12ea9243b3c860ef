"""What a project adds to its settings; a clean stop takes 30 seconds at most.

>>> from cookbook.deploy.procfile.settings import Q_CLUSTER
>>> from math import ceil
>>> held = Q_CLUSTER["workers"] + Q_CLUSTER["queue_limit"] + 1
>>> rounds = ceil(held / Q_CLUSTER["workers"])
>>> rounds * Q_CLUSTER["timeout"] + 10
30
"""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "queue_limit": 1,
    "timeout": 10,
    "retry": 60,
}

PRODUCTION_PROCESSES = {
    "shop": {
        "BACKEND": "cookbook.backend.named_worker.workers.NamedWorker",
        "ARGS": {"name": "shop"},
    },
}
