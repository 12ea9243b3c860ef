"""Keys of Q_CLUSTER that conflict, and values that work together."""
