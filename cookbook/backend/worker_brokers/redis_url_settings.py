"""Redis, as a URL."""

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://:secret@127.0.0.1:6379/1",
    "timeout": 60,
    "retry": 600,
}
