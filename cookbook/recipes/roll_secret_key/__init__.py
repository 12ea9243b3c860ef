"""Roll SECRET_KEY without losing a queued task.

Needs: redis (with the Redis broker).
"""
