"""Its examples run beside a cluster; the environments change its keys."""

Q_CLUSTER = {}
