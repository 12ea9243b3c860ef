"""Follow a task through the processes of a cluster.

A task with a hook, one worker. The columns are the process, its parent, the step, the
row in the queue and the result in the table of results. SQLite and PostgreSQL give the
same trace.

>>> from cookbook.evidence.tracing_a_task import client
>>> from cookbook.evidence.tracing_a_task.follow import follow, table
>>> sqlite = table(follow(client.one_task))
>>> print(sqlite)
sentinel -        broker.ping            -      -
worker   sentinel post_spawn             -      -
client   -        pre_enqueue            -      -
client   -        broker.enqueue         free   -
pusher   sentinel broker.dequeue         locked -
worker   sentinel pre_execute            locked -
worker   sentinel the function           locked -
worker   sentinel post_execute_in_worker locked -
monitor  sentinel Task.save              locked -
monitor  sentinel the hook               locked ada
monitor  sentinel broker.acknowledge     -      ada
monitor  sentinel post_execute           -      ada
>>> table(follow(client.one_task, "PostgreSQL")) == sqlite
True
"""

import json
from pathlib import Path

from cookbook.harness import trial

from . import client
from .settings import Q_CLUSTER


def follow(function, database="SQLite"):
    """Call a function of client.py beside a cluster and return the trace."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}, database) as environment:
        with trial.Cluster(environment) as cluster:
            trial.wait_until(
                lambda: "post_spawn" in [line["step"] for line in read(environment)],
                20,
                lambda: "the worker did not start",
            )
            trial.call(cluster, function)
        return read(environment)


def read(environment):
    """Return the trace of a workspace, with the name of each parent process."""
    file = Path(environment["WORKSPACE"]) / "trace"
    trace = [json.loads(line) for line in file.read_text().splitlines()]
    names = {line["pid"]: line["process"] for line in trace}
    return [line | {"parent": names.get(line["parent"], "-")} for line in trace]


def table(trace):
    line = "{process:9}{parent:9}{step:23}{row:7}{result}"
    return "\n".join(line.format(**step) for step in trace)


def chain():
    """Return what the monitor does from the first link of a chain to the second.

    It enqueues the next link first, and saves the result of the link before it
    afterwards.

    >>> from cookbook.evidence.tracing_a_task.follow import chain
    >>> chain()
    ['pre_enqueue', 'broker.enqueue', 'Task.save', 'broker.acknowledge', 'post_execute']
    """
    trace = follow(client.a_chain)
    return [line["step"] for line in trace if line["process"] == "monitor"][:5]


def behind_another():
    """Return four moments of a task that waits for the only worker, and its locks.

    `started` in the table of results is the moment of `async_task`, before the row is
    written, not the moment at which the worker begins.

    >>> from cookbook.evidence.tracing_a_task.follow import behind_another
    >>> from cookbook.evidence.tracing_a_task.settings import Q_CLUSTER
    >>> started, enqueued, fetched, begun, locks = behind_another()
    >>> started < enqueued < fetched < begun
    True

    The lock is written at the fetch, `retry` seconds ahead. It is the same when the
    worker begins: nothing renews it.

    >>> round(locks["fetched"] - fetched, 1) == Q_CLUSTER["retry"]
    True
    >>> locks["begun"] == locks["fetched"]
    True
    """
    trace = follow(client.two_tasks)
    enqueued, fetched, begun = (
        [line for line in trace if line["step"] == step][1]
        for step in ("broker.enqueue", "broker.dequeue", "pre_execute")
    )
    locks = {"fetched": fetched["locks"][1], "begun": begun["locks"][1]}
    started = trace[-1]["started"]["bob"]
    return started, enqueued["at"], fetched["at"], begun["at"], locks
