"""Messages about Q_CLUSTER: a value has the wrong type or names nothing.

>>> from cookbook.harness.trial import Q_CLUSTER, Project
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(Q_CLUSTER=Q_CLUSTER | {"timeout": "60"})
>>> site.says("worker", "worker")
TypeError: '>' not supported between instances of 'str' and 'int'
>>> site.says("check")
TypeError: '>' not supported between instances of 'str' and 'int'
>>> site.has(Q_CLUSTER=Q_CLUSTER | {"workers": "2"})
>>> site.says("worker", "worker")
TypeError: 'str' object cannot be interpreted as an integer
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
>>> site.has(Q_CLUSTER=Q_CLUSTER | {"orm": "defalt"})
>>> site.says("worker", "worker")
AttributeError: '_thread._local' object has no attribute 'defalt'...
django.utils.connection.ConnectionDoesNotExist: The connection 'defalt' doesn't exist.
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
>>> site.has(Q_CLUSTER={"name": "shop", "timeout": 60, "retry": 120})
>>> site.says("worker", "worker")
ModuleNotFoundError: No module named 'redis'
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1

The environment names a queue, and Q_CLUSTER has no ALT_CLUSTERS:

>>> site.has()
>>> site.environment["Q_CLUSTER_NAME"] = "priority"
>>> site.says("check")
KeyError: 'ALT_CLUSTERS'
>>> site.close()
"""
