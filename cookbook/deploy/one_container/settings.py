"""A clean stop of this cluster takes at most 30 seconds, which most platforms give."""

Q_CLUSTER = {"workers": 2, "queue_limit": 1, "timeout": 10, "retry": 60}
