"""A run ends soon after its time is over."""

Q_CLUSTER = {"queue_limit": 4, "timeout": 30, "retry": 240}
