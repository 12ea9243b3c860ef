"""Its example runs beside a cluster."""

Q_CLUSTER = {}
