"""Settings of the cluster that is stopped."""

Q_CLUSTER = {
    "name": "stopped",
    "workers": 2,
    "queue_limit": 4,
    "timeout": 3,
    "retry": 8,
    "save_limit": -1,
}

DATABASES = {"default": {"CONN_MAX_AGE": 600}}
