"""A task enqueued in a transaction: rollback, slow commit, crash, broker down.

Each row is one user, and one task that looks for the row of that user. "Before the
commit" means that the transaction stayed open until the worker had looked, or for one
second. "Crash" means that the process ended between the commit and the next statement:

>>> from cookbook.evidence.enqueue_after_commit import REDIS, edges, outcomes
>>> from cookbook.harness.trial import observe
>>> orm = observe(outcomes)
>>> print(edges(orm, observe(outcomes, **REDIS)))
| Broker, way, event | The task |
| --- | --- |
| ORM, in the transaction, rollback | never ran |
| ORM, in the transaction, slow commit | ran after it |
| ORM, in the transaction, crash | ran |
| ORM, on commit, rollback | never ran |
| ORM, on commit, slow commit | ran after it |
| ORM, on commit, crash | lost |
| Redis, in the transaction, rollback | ran, and found no row |
| Redis, in the transaction, slow commit | ran before it, and found no row |
| Redis, in the transaction, crash | ran |
| Redis, on commit, rollback | never ran |
| Redis, on commit, slow commit | ran after it |
| Redis, on commit, crash | lost |

The ORM broker does the same on PostgreSQL:

>>> orm == observe(outcomes, on="PostgreSQL")
True

Redis does not deliver the failed task again, so a sign-up whose task came too early
gets no welcome, and the cause stands in the table of failed tasks:

>>> from cookbook.evidence.enqueue_after_commit import too_early
>>> observe(too_early, on="PostgreSQL", **REDIS)
('User matching query does not exist.', 0)

When Redis is down at the commit, the caller gets the error, and the row is there. With
`robust=True` the error goes into the log:

>>> from cookbook.evidence.enqueue_after_commit import redis_down
>>> redis_down(robust=False), redis_down(robust=True)
(('ConnectionError', True), ('', True))

To write that log line Django 5.2 reads the name of the function. A `partial` has none:

>>> from functools import partial
>>> hasattr(partial(print), "__qualname__")
False
"""

import os
from contextlib import suppress
from functools import partial
from multiprocessing import get_context

from django.contrib.auth.models import User
from django.db import connections, transaction
from django_q.brokers import get_broker
from django_q.brokers.redis_broker import Redis
from django_q.models import Failure
from django_q.tasks import async_task, result
from redis import RedisError, StrictRedis

from cookbook.harness.trial import (
    own_log,
    stop,
    table,
    wait_until,
    write,
    written,
)
from cookbook.recipes.enqueue_after_commit.sign_up import sign_up_in_transaction

REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}


def look(event, pk):
    """The task: write down whether it found its row."""
    write(f"{event}: {'found' if User.objects.filter(pk=pk).exists() else 'missed'}")


def enqueue_on_commit(*task):
    transaction.on_commit(partial(async_task, *task))


WAYS = {"in the transaction": async_task, "on commit": enqueue_on_commit}


def looks(event):
    """Wait until the queue is empty; return what the tasks of an event have found."""
    result(async_task("math.sqrt", 4), wait=30_000)  # The only worker ran it last.
    return [line.partition(": ")[2] for line in written() if line.startswith(event)]


def rollback(enqueue, event):
    with transaction.atomic():
        enqueue(look, event, User.objects.create_user(event).pk)
        transaction.set_rollback(True)
    return {(): "never ran", ("missed",): "ran, and found no row"}[(*looks(event),)]


def slow_commit(enqueue, event):
    with transaction.atomic():
        enqueue(look, event, User.objects.create_user(event).pk)
        with suppress(TimeoutError):
            wait_until(lambda: event in "".join(written()), 1, str)
    sentences = {
        ("found",): "ran after it",
        ("missed",): "ran before it, and found no row",
    }
    return sentences[(*looks(event),)]


def crash(enqueue, event):
    connections.close_all()  # A forked process must not share them.
    process = get_context("fork").Process(target=last_act, args=[enqueue, event])
    process.start()
    process.join()
    assert User.objects.filter(username=event).exists()  # It was committed.
    # Queued inside the transaction, it may even run before the commit.
    return "ran" if looks(event) else "lost"


def last_act(enqueue, event):
    with transaction.atomic():
        transaction.on_commit(partial(os._exit, 1))  # Called before later callbacks.
        enqueue(look, event, User.objects.create_user(event).pk)


def outcomes():
    """Return what became of a task, by the way it was enqueued and what happened."""
    rows = {
        f"{way}, {event.__name__.replace('_', ' ')}": event(
            enqueue, f"{way} {event.__name__}"
        )
        for way, enqueue in WAYS.items()
        for event in (rollback, slow_commit, crash)
    }
    stop()
    return rows


def edges(orm, redis):
    outcomes = {"ORM": orm, "Redis": redis}
    rows = {
        f"{broker}, {event}": outcome
        for broker in outcomes
        for event, outcome in outcomes[broker].items()
    }
    return table(rows, heads=("Broker, way, event", "The task"))


def too_early():
    """Commit after the task has failed; return the reason, and what is queued then.

    PostgreSQL only: SQLite stores no failure while another transaction writes.
    """
    with transaction.atomic():
        sign_up_in_transaction("bob")
        wait_until(Failure.objects.exists, 10, own_log)
    return Failure.objects.get().result.partition(" : ")[0], get_broker().queue_size()


def redis_down(robust):
    """Return the error that the caller gets, and whether the row was committed."""
    broker, raised, name = Redis(), "", f"robust {robust}"
    broker.connection = StrictRedis(port=1)  # Nobody answers there.

    def enqueue():
        async_task("math.sqrt", 4, broker=broker)

    try:
        with transaction.atomic():
            User.objects.create_user(name)
            transaction.on_commit(enqueue, robust=robust)
    except RedisError as error:
        raised = type(error).__name__
    return raised, User.objects.filter(username=name).exists()
