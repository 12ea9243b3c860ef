"""max_attempts, and a failing task whose result goes to the cache.

The count stops at three runs:

>>> from cookbook.reference.q_cluster_delivery import runs
>>> runs(max_attempts=1, options={"cached": 60})
3
>>> runs(max_attempts=1, options={"cached": 60, "ack_failure": True})
1
"""
