"""What each broker does with a task, and what that is worth when something fails.

Needs: redis, boto3.

The methods of a broker, and which of them each class does in its own way:

>>> from cookbook.reference.brokers import (
...     BROKERS, CLASSES, answer, methods, observe, own, table, undescribed,
... )
>>> from cookbook.reference.q_cluster import readers
>>> print(table("own", {name: {"own": own(name)} for name in CLASSES}))
                               ORM  Redis  SQS  MongoDB  IronMQ
acknowledge(task_id)           yes  no     yes  yes      yes
delete(task_id)                yes  no     yes  yes      yes
delete_queue()                 yes  yes    yes  yes      yes
dequeue()                      yes  yes    yes  yes      yes
enqueue(task)                  yes  yes    yes  yes      yes
fail(task_id)                  yes  no     yes  yes      yes
get_cache()                    no   no     no   no       no
get_connection(list_key)       yes  yes    yes  yes      yes
get_stat(key)                  no   yes    no   no       no
get_stats(pattern)             no   yes    no   no       no
info()                         yes  yes    yes  yes      yes
lock_size()                    yes  no     yes  yes      no
ping()                         yes  yes    yes  yes      yes
purge_queue()                  yes  yes    yes  yes      yes
queue_size()                   yes  yes    yes  yes      yes
set_stat(key, value, timeout)  no   yes    no   no       no
>>> undescribed()
set()

A broker of each kind is called, then a cluster works with it:

>>> seen = {name: observe(name) for name in BROKERS}
>>> set(seen["SQLite"]["returns"]) == set(methods())
True
>>> seen["SQLite"]["returns"] == seen["PostgreSQL"]["returns"]
True
>>> kinds = {"ORM": seen["SQLite"], "Redis": seen["Redis"], "SQS": seen["SQS (moto)"]}

What each method returns:

>>> print(table("returns", kinds))
                ORM             Redis            SQS
enqueue         int             int              str
dequeue         [(int, str)]    [(None, bytes)]  [(str, str)]
acknowledge     None            None             None
fail            None            None             None
delete          None            None             None
purge_queue     (int, dict)     True             None
delete_queue    (int, dict)     int              None
queue_size      int             int              int
lock_size       int             None             int
ping            True            True             True
info            str             str              str
set_stat        None            None             None
get_stat        str             bytes            str
get_stats       [str]           [bytes]          [str]
get_cache       FileBasedCache  FileBasedCache   FileBasedCache
get_connection  QuerySet        Redis            Session

How many tasks are then waiting, and how many are locked, as a new broker counts them:

>>> print(table("leaves", kinds))
              ORM  Redis   SQS
enqueue       1 0  1 None  1 0
dequeue       0 1  0 None  0 1
acknowledge   0 0  0 None  0 0
fail          0 0  0 None  0 0
delete        0 0  0 None  0 0
purge_queue   0 0  0 None  0 0
delete_queue  0 0  0 None  0 0

What a task may rely on:

>>> print(table("keeps", seen))
                                       SQLite  PostgreSQL  Redis  SQS (moto)
it keeps the order                     yes     no          yes    yes
it heeds bulk                          yes     yes         no     yes
a rollback takes the task back         yes     yes         no     no
a failed scheduler pass sends nothing  yes     yes         no     no
its count follows other processes      yes     yes         yes    no
it locks what is taken                 yes     yes         no     yes
a killed worker's task runs again      yes     yes         no     yes
a failure is tried max_attempts times  yes     yes         no     yes

What a ping asks:

>>> [answer("orm.ORM"), answer("mongo.Mongo")]
['return True', 'return self.info is not None']
>>> answer("aws_sqs.Sqs")
'return "sqs" in self.connection.get_available_resources()'

Which brokers read these keys of Q_CLUSTER:

>>> readers("bulk")
['brokers/aws_sqs.py', 'brokers/ironmq.py', 'brokers/orm.py']
>>> readers("retry")
['brokers/aws_sqs.py', 'brokers/ironmq.py', 'brokers/mongo.py', 'brokers/orm.py']
>>> readers("poll")
['brokers/mongo.py', 'brokers/orm.py']
"""

import os
import re
import signal
from contextlib import nullcontext
from inspect import getmembers, getsource, isfunction, signature
from itertools import chain
from pathlib import Path

from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_q.brokers import Broker, get_broker
from django_q.models import Schedule, Task
from django_q.scheduler import scheduler
from django_q.tasks import async_task

from cookbook.harness.servers import DATABASES
from cookbook.harness.trial import (
    Cluster,
    beside,
    call,
    note,
    sqs_server,
    stop,
    wait_until,
    workspace,
)

PAGE = Path(__file__).parents[2] / "docs/reference/brokers.md"
CLUSTER = {
    "name": "shop",
    "workers": 1,
    "timeout": 60,
    "retry": 4,
    "bulk": 3,
    "max_attempts": 2,
}
BROKERS = {
    "SQLite": {"orm": "default"},
    "PostgreSQL": {"orm": "default"},
    "Redis": {"redis": "redis://localhost:6379/0"},
    "SQS (moto)": {"sqs": {"receive_message_wait_time_seconds": 1}},
}
CLASSES = {
    "ORM": "orm.ORM",
    "Redis": "redis_broker.Redis",
    "SQS": "aws_sqs.Sqs",
    "MongoDB": "mongo.Mongo",
    "IronMQ": "ironmq.IronMQBroker",
}


def methods():
    """Return the public methods of a broker, in the order of the alphabet."""
    return [name for name, _ in getmembers(Broker, isfunction) if name[0] != "_"]


def broker_class(name):
    return import_string(f"django_q.brokers.{CLASSES.get(name, name)}")


def own(name):
    """Return for each method whether a broker does not leave it to the base class."""
    return {
        f"{method}({', '.join(arguments(method))})": method in vars(broker_class(name))
        for method in methods()
    }


def arguments(method):
    return [
        name for name in signature(getattr(Broker, method)).parameters if name != "self"
    ]


def undescribed():
    """Return the methods without a heading on the page."""
    headings = re.findall(r"^### (.+)", PAGE.read_text(), re.M)
    return set(methods()) - set(", ".join(headings).split(", "))


def answer(name):
    """Return the last line of a broker's `ping`."""
    return getsource(broker_class(name).ping).splitlines()[-1].strip()


def shape(value):
    """Return what kind of value it is; None, True and False as they are.

    >>> from cookbook.reference.brokers import shape
    >>> shape([(1, b"task")]), shape((3, {})), shape(None)
    ('[(int, bytes)]', '(int, dict)', 'None')
    """
    if isinstance(value, list | tuple):
        left, right = "[]" if isinstance(value, list) else "()"
        return f"{left}{', '.join(map(shape, value))}{right}"
    plain = value is None or isinstance(value, bool)
    return str(value) if plain else type(value).__name__


def counts(broker):
    """Return how many tasks are waiting, and how many are locked."""
    if hasattr(broker, "queue"):
        broker.queue.reload()  # boto3 remembers what it has counted once.
    return broker.queue_size(), broker.lock_size()


def calls():
    """Call every method of a broker; return what each returned and left."""
    broker, returns, leaves = get_broker(), {}, {}

    def do(method, *arguments):
        value = getattr(broker, method)(*arguments)
        returns[method] = shape(value)
        return value

    def look(method):
        waiting, locked = counts(broker)
        leaves[method] = f"{waiting} {locked}"

    for last in ("acknowledge", "fail", "delete"):
        do("enqueue", "task")
        look("enqueue")
        ((receipt, _),) = do("dequeue")
        look("dequeue")
        do(last, receipt)
        look(last)
    do("enqueue", "task")
    do("purge_queue")
    look("purge_queue")
    do("enqueue", "task")
    do("delete_queue")
    broker = get_broker()  # On SQS the deleted queue is made again only by a new one.
    look("delete_queue")
    for method in ("queue_size", "lock_size", "ping", "info"):
        do(method)
    do("set_stat", "django_q:shop:cluster:1", "working", 60)
    do("get_stat", "django_q:shop:cluster:1")
    do("get_stats", "django_q:shop:cluster:*")
    do("get_cache")
    do("get_connection")
    return {"returns": returns, "leaves": leaves, "keeps": alone(broker)}


def take(broker, number):
    """Take so many tasks; return how many each call gave, and the tasks."""
    calls = []
    while sum(map(len, calls)) < number:
        calls.append(broker.dequeue() or [])
    for receipt, _ in chain(*calls):
        broker.acknowledge(receipt)
    return [*map(len, calls)], [body for _, body in chain(*calls)]


def alone(broker):
    """Return what a broker does by itself, without a cluster."""
    counting = get_broker()
    before = counting.queue_size()
    for number in range(6):
        broker.enqueue(f"task {number}")
    counted = counting.queue_size() > before
    sizes, tasks = take(broker, 3)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # PostgreSQL does it by itself, every now and then.
    for number in range(6, 9):
        broker.enqueue(f"task {number}")
    tasks += take(broker, 6)[1]
    with transaction.atomic():
        async_task(abs, -1)
        transaction.set_rollback(True)
    rolled_back = counts(broker)[0] == 0
    if not rolled_back:
        take(broker, 1)
    for arguments in ("-1", "no literal"):
        Schedule.objects.create(func="builtins.abs", args=arguments)
    scheduler(broker)
    scheduler(broker)
    Schedule.objects.all().delete()
    sent = counts(broker)[0]
    take(broker, sent)
    return {
        "it keeps the order": [int(task[-1:]) for task in tasks] == [*range(9)],
        "it heeds bulk": sizes == [3],
        "a rollback takes the task back": rolled_back,
        "a failed scheduler pass sends nothing": sent == 0,
        "its count follows other processes": counted,
    }


def work():
    """Write down which worker it is, and wait until it is let go."""
    folder = Path(os.environ["WORKSPACE"])
    with (folder / "workers").open("a") as file:
        file.write(f"{os.getpid()}\n")
    wait_until((folder / "go").exists, 60, lambda: "nobody let the task go")


def together():
    """Kill the worker of one task, let another fail; return what the cluster did."""
    folder = Path(os.environ["WORKSPACE"])
    workers = folder / "workers"
    async_task(work)
    wait_until(
        lambda: workers.exists() and workers.read_text().endswith("\n"),
        60,
        lambda: "the task did not begin",
    )
    broker = get_broker()
    locked = broker.lock_size()
    os.kill(int(workers.read_text()), signal.SIGKILL)
    (folder / "go").touch()
    broker.enqueue("this is no signed task")
    failing = Task.objects.filter(id=async_task(abs, "no number"))

    def at_rest():
        # A lock can run out between its two counts, so they are taken twice.
        empty = not any(counts(broker)) and not any(counts(broker))
        return failing.exists() and empty

    wait_until(at_rest, 90, lambda: "the queue does not become empty")
    stop()
    return {
        "it locks what is taken": locked == 1,
        "a killed worker's task runs again": len(workers.read_text().split()) > 1,
        "a failure is tried max_attempts times": failing.get().attempt_count == 2,
    }


def both():
    """Call every method of the broker, then let a cluster work with it."""
    seen = calls()
    seen["keeps"] |= beside(together)
    return seen


def observe(name):
    """Call the methods of one broker, then let a cluster work with it."""
    keys = BROKERS[name]
    settings = {"Q_CLUSTER": CLUSTER | keys}
    on = name if name in DATABASES else "SQLite"
    with (
        sqs_server() if "sqs" in keys else nullcontext({}) as aws,
        workspace(settings, on) as project,
    ):
        note("cluster")
        return call(Cluster(project | aws), both)


def table(part, seen):
    """Return one part of what was seen as a text, with a column for each broker."""
    rows = [["", *seen]]
    for name in next(iter(seen.values()))[part]:
        cells = [broker[part][name] for broker in seen.values()]
        words = {True: "yes", False: "no"}
        rows.append([name, *(words.get(cell, cell) for cell in cells)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)
