"""What a crash between the commit and the enqueue takes with it.

>>> from cookbook.recipes.enqueue_after_commit.crash import crash
>>> from django.utils import timezone
>>> from django_q.models import OrmQ, Task
>>> from django_q.tasks import result
>>> from cookbook.recipes.enqueue_after_commit.sign_up import (
...     sign_up_in_transaction, sign_up_on_commit,
... )
>>> dan = crash(sign_up_on_commit, "dan")
>>> eve = crash(sign_up_in_transaction, "eve")

Both users were committed; only the task that was committed with its user is there.

>>> result(f"welcome-{eve.pk}", wait=10_000)
'Welcome, eve'
>>> Task.objects.count(), OrmQ.objects.filter(lock__lte=timezone.now()).count()
(1, 0)
"""

import os
from functools import partial
from multiprocessing import get_context

from django.db import connections, transaction

from .sign_up import User


def crash(sign_up, username):
    """Sign somebody up in a process that ends at once after the commit."""
    connections.close_all()  # A forked process must not share them.
    process = get_context("fork").Process(target=last_act, args=[sign_up, username])
    process.start()
    process.join()
    return User.objects.get(username=username)


def last_act(sign_up, username):
    with transaction.atomic():
        transaction.on_commit(partial(os._exit, 1))  # Called before later callbacks.
        sign_up(username)
