"""Its examples run beside a cluster; it needs no key of its own."""

Q_CLUSTER = {}
