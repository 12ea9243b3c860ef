"""Ask the queue what KEDA would ask it, and watch clusters follow a load."""
