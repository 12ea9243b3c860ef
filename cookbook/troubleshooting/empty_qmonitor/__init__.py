"""Why qmonitor and qinfo show no cluster although tasks run, and what mends it.

Needs: blessed, redis.
"""
