"""TimeoutStopSec=100 of the units is enough for these keys."""

Q_CLUSTER = {
    "workers": 2,
    "queue_limit": 2,
    "timeout": 30,
    "retry": 120,
    "ALT_CLUSTERS": {"priority": {"workers": 1, "queue_limit": 1}},
}
