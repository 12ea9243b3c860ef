"""What the keys of Q_CLUSTER do to each other, each shown by a run."""
