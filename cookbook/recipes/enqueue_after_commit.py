"""Enqueue a task only when the data it needs has been committed.

>>> order = place_order("ada")
>>> result(order, wait=10_000)
'ada'
"""
from django.contrib.auth.models import Group
from django_q.tasks import async_task, result

Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 1, "timeout": 30, "retry": 60}


def greet(name):
    return Group.objects.get(name=name).name


def place_order(name):
    Group.objects.create(name=name)
    return async_task(greet, name)
