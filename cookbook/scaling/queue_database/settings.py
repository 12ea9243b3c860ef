"""The broker that leaves open transactions alone; it works with any `orm`."""

Q_CLUSTER = {"broker_class": "cookbook.scaling.queue_database.broker.QueueORM"}
