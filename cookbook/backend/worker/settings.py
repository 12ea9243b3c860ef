"""What a project adds to its settings.

A clean stop works off what the cluster holds, in rounds of `timeout` seconds at most:

>>> from cookbook.backend.worker.settings import Q_CLUSTER
>>> from math import ceil
>>> held = Q_CLUSTER["workers"] + Q_CLUSTER["queue_limit"] + 1
>>> rounds = ceil(held / Q_CLUSTER["workers"])
>>> rounds * Q_CLUSTER["timeout"]
90
"""

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
