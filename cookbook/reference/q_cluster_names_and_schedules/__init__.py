"""The keys of Q_CLUSTER that name clusters, run schedules and report errors."""
