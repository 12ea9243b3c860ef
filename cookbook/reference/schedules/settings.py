"""The cluster of the examples: they call the scheduler, so the cluster does not."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
    "scheduler": False,
}
TIME_ZONE = "Europe/Berlin"
