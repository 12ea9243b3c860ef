"""The profiles: those that are copied from page to page, and ours beside them."""

from cookbook.deploy.profiles import LATENCY, MEMORY, THROUGHPUT

AS_IT_COMES = {"name": "shop", "orm": "default", "timeout": 60, "retry": 600}
ON_REDIS = {"name": "shop", "redis": "redis://localhost:6379/0"}
ON_REDIS |= {"timeout": 60, "retry": 600}

COPIED_THROUGHPUT = {
    "workers": 12,
    "bulk": 10,
    "queue_limit": 1000,
    "recycle": 500,
    "save_limit": 100,
    "compress": True,
}

COPIED_LATENCY = {"workers": 4, "bulk": 1, "queue_limit": 100}

COPIED_MEMORY = {"workers": 4, "recycle": 100}

COPIED_REDIS = {
    "name": "shop",
    "redis": {"host": "localhost", "port": 6379, "db": 0},
    "workers": 8,
    "timeout": 90,
}

# Redis delivers one task at a time, whatever bulk says.
THROUGHPUT_ON_REDIS = {k: v for k, v in THROUGHPUT.items() if k != "bulk"}

# A name, the Q_CLUSTER, and CONN_MAX_AGE of the database in seconds.
PROFILES = {
    "as it comes": (AS_IT_COMES, 0),
    "throughput, copied": (AS_IT_COMES | COPIED_THROUGHPUT, 0),
    "throughput, ours": (AS_IT_COMES | THROUGHPUT, 600),
    "latency, copied": (AS_IT_COMES | COPIED_LATENCY, 0),
    "latency, ours": (AS_IT_COMES | LATENCY, 600),
    "memory, copied": (AS_IT_COMES | COPIED_MEMORY, 0),
    "memory, ours": (AS_IT_COMES | MEMORY, 600),
    "as it comes, connection kept": (AS_IT_COMES, 600),
    "Redis, copied": (COPIED_REDIS, 0),
    "Redis, ours": (ON_REDIS | THROUGHPUT_ON_REDIS, 600),
}
