"""bulk: how many tasks the pusher takes from the broker at once.

Twenty tasks that never end wait for one worker; five fit into the memory:

>>> from cookbook.harness.trial import complaint
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_delivery.queue_limit import taken
>>> taken(bulk=1, queue_limit=5)
7
>>> taken(bulk=3, queue_limit=5, on="PostgreSQL")
9

At the edges:

>>> taken(bulk=0, queue_limit=5)
0
>>> taken(bulk=None, queue_limit=5)
20
>>> taken(bulk=2.5, queue_limit=5)
8
>>> complaint(bulk=-1)
'ValueError: Negative indexing is not supported.'

Who reads it, and another broker:

>>> readers("bulk")
['brokers/aws_sqs.py', 'brokers/ironmq.py', 'brokers/orm.py']
>>> taken(bulk=3, queue_limit=5, orm=None, redis="redis://localhost:6379/0")
7
"""
