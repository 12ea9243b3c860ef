"""The ORM broker's table stays the queue; only the class that reads it is another."""

Q_CLUSTER = {"broker_class": "cookbook.scaling.postgres_broker.broker.PostgresBroker"}
