"""Enqueue a task only when the data it needs has been committed."""
