"""The keys of Q_CLUSTER that decide which results are kept, where, and how big."""
