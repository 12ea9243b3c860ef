"""Enqueue thousands of tasks in one call, all of them or none."""
