"""What each environment changes in Q_CLUSTER.

>>> from cookbook.deploy.development.environments import q_cluster
>>> q_cluster("test"), q_cluster("production")["workers"]
({'sync': True}, 8)

An error in a task is raised with `sync`, and stored by a cluster:

>>> from django_q.models import Failure
>>> from django_q.tasks import async_task, fetch
>>> async_task(int, "seven", sync=True)
Traceback (most recent call last):
    ...
ValueError: invalid literal for int() with base 10: 'seven'
>>> Failure.objects.count()
0
>>> fetch(async_task(int, "seven"), wait=60_000).success
False
"""

from django.core.exceptions import ImproperlyConfigured

ENVIRONMENTS: dict[str, dict] = {
    "development": {"workers": 1, "log_level": "DEBUG"},
    "test": {"sync": True},
    "production": {"workers": 8, "queue_limit": 8},
}


def q_cluster(environment: str) -> dict:
    """Return the keys of Q_CLUSTER that an environment changes."""
    if environment not in ENVIRONMENTS:
        raise ImproperlyConfigured(
            f"DJANGO_ENV is {environment!r}; "
            f"it must be one of {', '.join(ENVIRONMENTS)}"
        )
    return ENVIRONMENTS[environment]
