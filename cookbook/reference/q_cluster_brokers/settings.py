"""What every example of the page starts from; an example adds the key it shows."""

Q_CLUSTER = {"name": "shop", "workers": 1, "timeout": 1, "retry": 60}
