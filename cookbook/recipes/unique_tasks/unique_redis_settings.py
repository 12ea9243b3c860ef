"""The same project with the Redis broker."""

Q_CLUSTER = {"orm": None, "redis": "redis://localhost:6379/0", "workers": 1}
