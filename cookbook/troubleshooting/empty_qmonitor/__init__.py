"""Why qmonitor and qinfo show no cluster although tasks run, and how to fix it.

Needs: blessed, redis.
"""
