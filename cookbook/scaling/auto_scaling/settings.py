"""A cluster must not fetch the tasks that the next cluster is started for."""

Q_CLUSTER = {"queue_limit": 2}  # As many as `workers`.
