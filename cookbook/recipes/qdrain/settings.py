"""What a project adds to its settings; the second queue is there for this page."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
    "ALT_CLUSTERS": {"reports": {"workers": 1}},
}
