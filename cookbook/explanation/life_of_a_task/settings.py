"""Settings of the cluster that is traced."""

Q_CLUSTER = {
    "name": "life",
    "broker_class": "cookbook.explanation.life_of_a_task.trace.Traced",
    "orm": "default",
    "workers": 1,
    "queue_limit": 50,
    "timeout": 1,
    "retry": 2,
}
