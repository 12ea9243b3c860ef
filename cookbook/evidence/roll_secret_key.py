"""What a change of SECRET_KEY loses, and what signing anew saves.

Five tasks are queued under the old key. The cluster has the new key, and the old one
stands in its `SECRET_KEY_FALLBACKS`:

>>> from cookbook.evidence.roll_secret_key import edges
>>> print(edges())
| Broker, what was done | The five tasks |
| --- | --- |
| ORM, nothing | all lost, no failure stored |
| ORM, `resign_queue` | all ran |
| Redis, nothing | all lost, no failure stored |
| Redis, `resign_queue` | all ran |

Clients that add and take all the time do not hold the command up, and lose nothing.
Here 1,000 packages of the old key are in a list of Redis:

>>> from cookbook.evidence.roll_secret_key import REDIS, sign_under_load
>>> from cookbook.harness.trial import without_cluster
>>> without_cluster(sign_under_load, 1_000, **REDIS)
{'old signatures': 0, 'same order': True, 'added': True, 'taken': True}

Without a stop, with the brokers of the recipe: clusters of two rounds share a queue,
and each runs what either round has sent, as `(sent in round, run in round)`. Round 0 is
the time before the first; a lost task would have run in `None`:

>>> from cookbook.evidence.roll_secret_key import REDIS, roll
>>> from cookbook.harness.trial import without_cluster
>>> for pairs in without_cluster(roll, (0, 1), (1, 2), (2, 3), timeout=30):
...     print(*pairs)
(0, 0) (0, 1) (1, 0) (1, 1)
(1, 1) (1, 2) (2, 1) (2, 2)
(2, 2) (2, 3) (3, 2) (3, 3)
>>> without_cluster(roll, (1, 2), timeout=30, **REDIS)
[[(1, 1), (1, 2), (2, 1), (2, 2)]]

Cached results and the status of a cluster are signed, too. The result of a task that
was cached under the old key cannot be read, and the cluster is not in the list:

>>> from cookbook.evidence.roll_secret_key import read_old
>>> read_old()
('BadSignature', False)
"""

import time
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django_q.brokers import get_broker
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.signing import BadSignature, SignedPackage
from django_q.status import Stat
from django_q.tasks import async_task, result

from cookbook.harness.trial import observe, table, wait_until
from cookbook.recipes.roll_secret_key.brokers import RollingORM
from cookbook.recipes.roll_secret_key.redis_brokers import RollingRedis
from cookbook.recipes.roll_secret_key.signatures import resign_list

OLD = "the-key-of-last-year"
FALLBACK = {
    "SECRET_KEY_FALLBACKS": [OLD],
    "INSTALLED_APPS": ["cookbook.recipes.roll_secret_key"],
}
REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}
# SECRET_KEY and SECRET_KEY_FALLBACKS before the change and in each of its rounds.
KEYS = [("old", []), ("old", ["new"]), ("new", ["old"]), ("new", [])]


def with_old_key():
    return patch.object(Conf, "SECRET_KEY", OLD)


def outcome(tasks):
    """Wait for the tasks behind these; return what became of these."""
    result(async_task("math.sqrt", 4), wait=30_000)
    wait_until(lambda: not get_broker().queue_size(), 30, lambda: "a task waits")
    values = sorted(value for task in tasks if (value := result(task)) is not None)
    if values == [0.0, 1.0, 2.0, 3.0, 4.0]:
        return "all ran"
    assert not values, f"only {values} ran"
    failures = Task.objects.filter(success=False).count()
    return f"all lost, {failures or 'no failure'} stored"


def change_key(resigned):
    """Send five tasks under the old key, to be run under the new one."""
    with with_old_key():
        tasks = [async_task("math.sqrt", n**2, cluster="later") for n in range(5)]
    if resigned:
        call_command("resign_queue", "later")
    broker = get_broker("later")  # No cluster serves it; now one does.
    if Conf.ORM:
        OrmQ.objects.filter(key="later").update(key="shop")
    else:
        broker.connection.rename(broker.list_key, get_broker("shop").list_key)
    return outcome(tasks)


def change_key_twice():
    return {"nothing": change_key(False), "`resign_queue`": change_key(True)}


def edges():
    rows = {
        f"{name}, {way}": outcome
        for name, keys in (("ORM", {}), ("Redis", REDIS))
        for way, outcome in observe(change_key_twice, settings=FALLBACK, **keys).items()
    }
    return table(rows, heads=("Broker, what was done", "The five tasks"))


def sign_under_load(packages):
    """Sign a list anew while others add and take; return what went wrong."""
    broker, end, fetched = get_broker(), Event(), []
    connection, key = broker.connection, broker.list_key
    with with_old_key():
        texts = [SignedPackage.dumps(number) for number in range(packages)]
    connection.rpush(key, *texts)

    def add():
        while not end.wait(0.001):
            texts.append(SignedPackage.dumps(len(texts)))
            connection.rpush(key, texts[-1])

    def take():
        while not end.wait(0.01):
            fetched.append(connection.lpop(key).decode())

    threads = [Thread(target=add), Thread(target=take)]
    for thread in threads:
        thread.start()
    with override_settings(SECRET_KEY_FALLBACKS=[OLD]):
        resign_list(connection, key)
    end.set()
    for thread in threads:
        thread.join()
    rest = [package.decode() for package in connection.lrange(key, 0, -1)]
    # A package without its signature; what was taken stood before what is left.
    contents = [package.rpartition(":")[0] for package in fetched + rest]
    return {
        "old signatures": len(set(texts[:packages]) & set(rest)),
        "same order": contents == [package.rpartition(":")[0] for package in texts],
        "added": len(texts) > packages,
        "taken": len(fetched) > 0,
    }


@contextmanager
def keys(number):
    """Live under the settings of a round; rounds 1 and 2 have the broker."""
    key, fallbacks = KEYS[number]
    rolling = RollingORM if Conf.ORM else RollingRedis
    broker = f"{rolling.__module__}.{rolling.__name__}"
    with (
        override_settings(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks),
        # Django-Q2 read its settings when it was imported.
        patch.object(Conf, "SECRET_KEY", key),
        patch.object(Conf, "BROKER_CLASS", broker if fallbacks else None),
        patch.object(Conf, "CLUSTER_NAME", "rolling"),
    ):
        yield


def current_round():
    """The task: return the round of the worker that runs it."""
    return KEYS.index((settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS))


def side_by_side(*numbers):
    """Send tasks until the cluster of each round has run some of each round's tasks.

    Return the pairs of (sent in round, run in round).
    """
    pairs = set()
    with ExitStack() as stack:
        for number in numbers:
            with keys(number):
                connections.close_all()  # The cluster is forked from this process.
                cluster = Cluster()
                cluster.start()
                stack.callback(cluster.stop)
        while len(pairs) < len(numbers) ** 2:
            for number in numbers:
                with keys(number):
                    tasks = [async_task(current_round) for _ in range(5)]
                deadline = time.monotonic() + 60
                for task in tasks:
                    wait = max(1, (deadline - time.monotonic()) * 1000)
                    pairs.add((number, result(task, wait=wait)))
    return sorted(pairs)


def roll(*steps):
    return [side_by_side(*step) for step in steps]


def read_old():
    """Return the error of a cached result, and whether an old cluster is listed."""
    with with_old_key():
        task = async_task(abs, -6, sync=True, cached=60)
        get_broker().set_stat("old", SignedPackage.dumps("status"), 60)
    try:
        result(task, cached=True)
    except BadSignature as error:
        return type(error).__name__, "status" in Stat.get_all()
