"""What every example of the page starts from; an example changes the key it shows."""

Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 1, "timeout": 1, "retry": 60}
