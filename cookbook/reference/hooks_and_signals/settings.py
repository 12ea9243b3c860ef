"""What the examples of the page run under."""

Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 1, "timeout": 30, "retry": 60}
INSTALLED_APPS = ["cookbook.reference.hooks_and_signals"]
