"""Wait until the queue is empty and no worker is busy, before a deploy.

Needs: redis (with the Redis broker).
"""
