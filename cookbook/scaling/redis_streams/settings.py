"""Redis delivers a task again when nobody has acknowledged it in time."""

Q_CLUSTER = {
    "broker_class": "cookbook.scaling.redis_streams.broker.StreamsBroker",
    "orm": None,
    "redis": "redis://localhost:6379/0",
    "max_attempts": 5,
}
