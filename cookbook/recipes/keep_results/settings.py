"""Keep every result until the rules let it go."""

Q_CLUSTER = {"save_limit": 0}
