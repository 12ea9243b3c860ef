"""How many workers: predict waiting times from a few numbers of your tasks."""
