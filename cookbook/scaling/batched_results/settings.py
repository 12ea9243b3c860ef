"""Keep every result: with another limit the monitor saves each result alone."""

Q_CLUSTER = {"save_limit": 0}
