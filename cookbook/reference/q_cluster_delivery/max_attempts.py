"""max_attempts: how often a task may fail before it leaves the queue.

A task always fails. The session stops counting when it has run three times:

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery import runs
>>> runs(max_attempts=0)
3
>>> runs(max_attempts=2)
2

A failure that goes to the cache is not counted:

>>> runs(max_attempts=1, cached=60)
3

At the edges:

>>> runs(max_attempts=-1), runs(max_attempts=1.5), runs(max_attempts=10**12)
(3, 2, 3)
>>> complaint(max_attempts=None)
"TypeError: '>' not supported between instances of 'NoneType' and 'int'"

Who reads it, and another broker:

>>> readers("max_attempts")
['monitor.py']
>>> runs(looks=120, max_attempts=2, orm=None, redis="redis://localhost:6379/0")
1
"""
