"""The database of Django."""

Q_CLUSTER = {"name": "shop", "orm": "default", "timeout": 60, "retry": 600}
