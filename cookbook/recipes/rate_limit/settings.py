"""The pusher of each cluster also fetches from the queues that have a limit."""

Q_CLUSTER = {"broker_class": "cookbook.recipes.rate_limit.brokers.LimitedORM"}
