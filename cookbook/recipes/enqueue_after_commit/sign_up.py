"""Two ways to enqueue a task together with the row that it loads.

A rollback takes the row and the task back:

>>> from django.db import transaction
>>> from cookbook.recipes.enqueue_after_commit.sign_up import (
...     User, sign_up_in_transaction, sign_up_on_commit,
... )
>>> from django_q.models import OrmQ, Task
>>> with transaction.atomic():
...     ada = sign_up_on_commit("ada")
...     bob = sign_up_in_transaction("bob")
...     transaction.set_rollback(True)
>>> User.objects.count(), OrmQ.objects.count()
(0, 0)

After a commit both tasks run, and nothing is left of the first attempt:

>>> from django_q.tasks import result
>>> with transaction.atomic():
...     ada = sign_up_on_commit("ada")
...     bob = sign_up_in_transaction("bob")
>>> result(f"welcome-{ada.pk}", wait=10_000)
'Welcome, ada'
>>> result(f"welcome-{bob.pk}", wait=10_000)
'Welcome, bob'
>>> Task.objects.count()
2
"""

from functools import partial

from django.contrib.auth import get_user_model
from django.db import transaction
from django_q.tasks import async_task

User = get_user_model()


def welcome(pk):
    """The task: it is given a primary key and loads the row itself."""
    return f"Welcome, {User.objects.get(pk=pk).username}"


@transaction.atomic
def sign_up_on_commit(username):
    """Right with every broker: Django enqueues after the outermost commit."""
    user = User.objects.create_user(username)
    name = f"welcome-{user.pk}"
    transaction.on_commit(partial(async_task, welcome, user.pk, task_name=name))
    return user


@transaction.atomic
def sign_up_in_transaction(username):
    """Right only where the queue is a table of the same database."""
    user = User.objects.create_user(username)
    async_task(welcome, user.pk, task_name=f"welcome-{user.pk}")
    return user
