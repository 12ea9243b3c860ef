"""What long tasks need: one attempt, a short prefetch, and a `retry` above the wait."""

Q_CLUSTER = {
    "timeout": 600,
    "retry": 1900,
    "queue_limit": 1,
    "bulk": 1,
    "ack_failures": True,
}
