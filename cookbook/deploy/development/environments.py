"""One Q_CLUSTER for every environment: what they share, and where they differ.

>>> from cookbook.deploy.development.environments import q_cluster
>>> q_cluster("test")["sync"], q_cluster("production")["workers"]
(True, 8)
>>> q_cluster("producton")
Traceback (most recent call last):
    ...
KeyError: 'producton'
"""

SHARED = {"name": "shop", "orm": "default", "timeout": 60, "retry": 300}
ENVIRONMENTS = {
    "development": {"workers": 1, "log_level": "DEBUG"},
    "test": {"sync": True},
    "production": {"workers": 8, "queue_limit": 8},
}


def q_cluster(environment):
    return SHARED | ENVIRONMENTS[environment]
