"""Roll SECRET_KEY without losing a queued task.

Needs: redis.
"""
