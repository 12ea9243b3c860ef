"""Refuse a queue that is not in the settings, where the task is sent.

>>> from django.test import override_settings
>>> from django_q.signals import pre_enqueue
>>> from django_q.tasks import async_task
>>> from cookbook.deploy.several_clusters.queues import refuse_unknown
>>> from cookbook.deploy.several_clusters.settings import Q_CLUSTER
>>> pre_enqueue.connect(refuse_unknown)
>>> with override_settings(Q_CLUSTER=Q_CLUSTER):
...     async_task(print)
...     async_task(print, cluster="hihg")
Traceback (most recent call last):
    ...
LookupError: no cluster serves 'hihg', only low, high, short, long
"""

from django.conf import settings


def refuse_unknown(task, **kwargs):
    """Connect this in the `ready` of an AppConfig, so that every process has it."""
    known = [settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]]
    name = task.get("cluster") or known[0]
    if name not in known:
        raise LookupError(f"no cluster serves {name!r}, only {', '.join(known)}")
