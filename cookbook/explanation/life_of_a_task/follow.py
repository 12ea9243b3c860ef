"""Follow a task through the processes of a cluster.

>>> from cookbook.explanation.life_of_a_task.follow import follow, table
>>> from cookbook.harness import trial
>>> tables = [table(follow("one_task()", database)) for database in trial.DATABASES]
>>> print(tables[0])
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
>>> tables[1] == tables[0]
True
"""

import json
from pathlib import Path

from cookbook.harness import trial

from .settings import Q_CLUSTER


def follow(call, database="SQLite"):
    """Call a function of client.py beside a cluster and return the trace."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}, database) as environment:
        with trial.Cluster(environment):
            trial.wait_until(
                lambda: "post_spawn" in [line["step"] for line in read(environment)],
                20,
                lambda: "the worker did not start",
            )
            run(environment, call)
        return read(environment)


def run(environment, call):
    """Call a function of client.py in a workspace and return what it prints."""
    return trial.shell(environment, f"from {__package__} import client; client.{call}")


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

    >>> from cookbook.explanation.life_of_a_task.follow import chain
    >>> chain()
    ['pre_enqueue', 'broker.enqueue', 'Task.save', 'broker.acknowledge', 'post_execute']
    """
    trace = follow("a_chain()")
    return [line["step"] for line in trace if line["process"] == "monitor"][:5]


def behind_another():
    """Return four moments of a task that waits for the only worker, and its locks.

    >>> from cookbook.explanation.life_of_a_task.follow import behind_another
    >>> from cookbook.explanation.life_of_a_task.settings import Q_CLUSTER
    >>> started, enqueued, fetched, begun, locks = behind_another()
    >>> started < enqueued < fetched < begun
    True
    >>> round(locks["fetched"] - fetched, 1) == Q_CLUSTER["retry"]
    True
    >>> locks["begun"] == locks["fetched"]
    True
    """
    trace = follow("two_tasks()")
    enqueued, fetched, begun = (
        [line for line in trace if line["step"] == step][1]
        for step in ("broker.enqueue", "broker.dequeue", "pre_execute")
    )
    locks = {"fetched": fetched["locks"][1], "begun": begun["locks"][1]}
    started = trace[-1]["started"]["bob"]
    return started, enqueued["at"], fetched["at"], begun["at"], locks
