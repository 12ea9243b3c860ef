"""Delete old results by a schedule, and keep the cluster fast."""
