"""Redis as a broker that loses no task: streams instead of a list."""
