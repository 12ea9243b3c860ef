"""ack_failures: whether a task that failed leaves the queue.

A task always fails. The session stops counting when it has run three times:

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery import runs
>>> runs(ack_failures=False)
3
>>> runs(ack_failures=True)
1

A task may decide for itself. Its option is called ack_failure, without an s:

>>> runs(ack_failures=False, options={"ack_failure": True})
1

At the edges, a value is true or false as Python sees it:

>>> runs(ack_failures="False")
1

Who reads it, and another broker:

>>> readers("ack_failures")
['tasks.py']
>>> runs(looks=120, orm=None, redis="redis://localhost:6379/0")
1
"""
