"""Keys of Q_CLUSTER for many short tasks, for a quick start and for little memory.

>>> from cookbook.deploy.profiles import LATENCY
>>> Q_CLUSTER = {"name": "shop", "orm": "default", "timeout": 60, "retry": 600}
>>> Q_CLUSTER |= LATENCY
>>> Q_CLUSTER["poll"]
0.02
"""

# Many short tasks.
THROUGHPUT = {
    "workers": 2,
    "bulk": 50,
    "queue_limit": 100,
    "recycle": 100_000,
    "save_limit": 0,
}

# Tasks that have to start soon.
LATENCY = {"workers": 2, "queue_limit": 2, "poll": 0.02}

# Little memory, also after a task that leaks; max_rss is in KiB.
MEMORY = {"workers": 1, "queue_limit": 1, "max_rss": 120_000}
