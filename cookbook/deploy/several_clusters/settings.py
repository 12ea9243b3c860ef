"""Three queues beside the default one; each has a cluster of its own."""

Q_CLUSTER = {
    "ALT_CLUSTERS": {
        "high": {"workers": 2, "queue_limit": 2, "poll": 0.05},
        "short": {"workers": 1, "queue_limit": 1, "timeout": 5, "retry": 30},
        "long": {"workers": 1, "queue_limit": 1, "timeout": 3600, "retry": 11000},
    },
}
