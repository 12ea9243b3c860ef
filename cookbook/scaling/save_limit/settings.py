"""Keep every result; a schedule deletes the old ones."""

Q_CLUSTER = {"save_limit": 0}
