"""What the examples of the page run under."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
    "ALT_CLUSTERS": {"mail": {"workers": 3, "timeout": 10}},
}
