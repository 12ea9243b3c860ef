"""Cancel a queued and a running task.

Needs: redis (with the Redis broker).
"""
