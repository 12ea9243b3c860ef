"""Settings of the cluster that is traced."""

Q_CLUSTER = {
    "name": "life",
    "broker_class": "cookbook.evidence.tracing_a_task.trace.TracingBroker",
    "orm": "default",
    "workers": 1,
    "queue_limit": 50,
    "timeout": 1,
    "retry": 2,
}
