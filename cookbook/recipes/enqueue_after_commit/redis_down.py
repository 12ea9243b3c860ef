"""What the caller sees when Redis is down at the commit.

>>> from django.db import transaction
>>> from django_q.brokers import get_broker
>>> from django_q.tasks import async_task
>>> from redis import Redis
>>> from cookbook.recipes.enqueue_after_commit.sign_up import User, welcome
>>> broker = get_broker()
>>> broker.connection = Redis(port=1)
>>> def sign_up(username, **options):
...     with transaction.atomic():
...         user = User.objects.create_user(username)
...         def enqueue():
...             return async_task(welcome, user.pk, broker=broker)
...         transaction.on_commit(enqueue, **options)
>>> sign_up("ada")
Traceback (most recent call last):
    ...
redis.exceptions.ConnectionError: Error 111 connecting to localhost:1. ...
>>> sign_up("bob", robust=True)
>>> User.objects.count()
2

In its log line Django 5.2 names the function, and a `partial` has no such name:

>>> from functools import partial
>>> hasattr(partial(async_task), "__qualname__")
False

Needs: redis.
"""

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
}
