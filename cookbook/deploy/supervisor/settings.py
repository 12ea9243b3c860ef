"""What a project adds to its settings."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "timeout": 30,
    "retry": 120,
}
