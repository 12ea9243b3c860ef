"""What a project adds to its settings."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 240,
}
