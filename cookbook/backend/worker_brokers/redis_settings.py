"""Redis, as a dictionary of keywords."""

Q_CLUSTER = {
    "name": "shop",
    "redis": {"host": "127.0.0.1", "port": 6379, "db": 1, "password": "secret"},
    "timeout": 60,
    "retry": 600,
}
