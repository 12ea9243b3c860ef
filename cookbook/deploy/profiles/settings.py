"""The profiles: those that are copied from page to page, and ours beside them."""

AS_IT_COMES = {"name": "shop", "orm": "default", "timeout": 60, "retry": 600}

COPIED_THROUGHPUT = {
    **AS_IT_COMES,
    "workers": 12,
    "bulk": 10,
    "queue_limit": 1000,
    "recycle": 500,
    "save_limit": 100,
    "compress": True,
}

THROUGHPUT = {
    **AS_IT_COMES,
    "workers": 2,
    "bulk": 50,
    "queue_limit": 100,
    "recycle": 100_000,
    "save_limit": 0,
}

COPIED_LATENCY = {**AS_IT_COMES, "workers": 4, "bulk": 1, "queue_limit": 100}

LATENCY = {**AS_IT_COMES, "workers": 2, "queue_limit": 2, "poll": 0.02}

COPIED_MEMORY = {**AS_IT_COMES, "workers": 4, "recycle": 100}

MEMORY = {**AS_IT_COMES, "workers": 1, "queue_limit": 1, "max_rss": 120_000}

COPIED_REDIS = {
    "name": "shop",
    "redis": {"host": "localhost", "port": 6379, "db": 0},
    "workers": 8,
    "timeout": 90,
}

# Ours for throughput, with another broker.
REDIS = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "timeout": 60,
    "retry": 600,
    "workers": 2,
    "queue_limit": 100,
    "recycle": 100_000,
    "save_limit": 0,
}

# A name, the Q_CLUSTER, and CONN_MAX_AGE of the database in seconds.
PROFILES = {
    "as it comes": (AS_IT_COMES, 0),
    "throughput, copied": (COPIED_THROUGHPUT, 0),
    "throughput, ours": (THROUGHPUT, 600),
    "latency, copied": (COPIED_LATENCY, 0),
    "latency, ours": (LATENCY, 600),
    "memory, copied": (COPIED_MEMORY, 0),
    "memory, ours": (MEMORY, 600),
    "as it comes, connection kept": (AS_IT_COMES, 600),
    "Redis, copied": (COPIED_REDIS, 0),
    "Redis, ours": (REDIS, 600),
}
