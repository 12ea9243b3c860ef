"""Queue tasks with the old release, let the new one run them, and count.

>>> from cookbook.evidence.deploy_without_downtime.queued import measure
>>> for row in measure(tasks=2)["rows"]:
...     print(", ".join(map(str, row.values())))
Redis: new, function renamed; sent by reference, 0, 0, 0, 2
Redis: new, function renamed; sent by name, 0, 2, 0, 0
Redis: new, argument added, 0, 2, 0, 0
Redis: new, argument is a key; was a model instance, 0, 2, 0, 0
Redis: new, field of a sent model instance replaced, 2, 0, 0, 0
Redis: new, nothing, 2, 0, 0, 0
ORM: new, function renamed; sent by reference, 0, 0, 2, 0
ORM: new, function renamed; sent by name, 0, 2, 0, 0
ORM: new, argument added, 0, 2, 0, 0
ORM: new, argument is a key; was a model instance, 0, 2, 0, 0
ORM: new, field of a sent model instance replaced, 2, 0, 0, 0
ORM: new, nothing, 2, 0, 0, 0
ORM: new then careful, function renamed; sent by reference, 2, 0, 0, 0
ORM: new then careful, function renamed; sent by name, 2, 0, 0, 0
ORM: new then careful, argument added, 2, 0, 0, 0
ORM: new then careful, argument is a key; was a model instance, 2, 0, 0, 0
ORM: new then careful, field of a sent model instance replaced, 2, 0, 0, 0
ORM: new then careful, nothing, 2, 0, 0, 0
"""

import re

from cookbook.harness.trial import Cluster, wait_until

from .releases import BROKERS, call, release, server


def count(broker, tasks):
    """Enqueue with the old release, then deploy; return a row for each change."""
    with server(broker) as environment:
        call(release(environment, "new"), "migrate", "0002_expand")
        old = release(environment, "old")
        kinds = call(old, "enqueue", tasks)
        work(release(environment, "new"), tasks * len(kinds))
        rows = table(f"{broker}: new", tasks, kinds, call(old, "outcome", kinds))
        if broker == "ORM":
            work(release(environment, "careful"), call(old, "unlock"))
            counts = call(old, "outcome", kinds)
            rows += table("ORM: new then careful", tasks, kinds, counts)
    return rows


def work(environment, tasks):
    """Run a cluster of a release until so many tasks have come to an end."""
    with Cluster(environment) as cluster:
        wait_until(
            lambda: ended(cluster.log) == tasks,
            120,
            lambda: f"some task has no end.{cluster.advice}",
        )


def ended(log):
    """Count the tasks that ended, and the pushers that died of one."""
    return len(re.findall("Processed '|Failed '|reincarnated pusher", log))


def table(who, tasks, kinds, counts):
    return [
        {
            "broker: release": who,
            "what the release changed": kind,
            "succeeded": succeeded,
            "failed": failed,
            "stuck": stuck,
            "lost": tasks - succeeded - failed - stuck,
        }
        for kind, (succeeded, failed, stuck) in zip(kinds, counts, strict=True)
    ]


def measure(tasks=20):
    rows = [row for broker in BROKERS for row in count(broker, tasks)]
    return {"tasks": tasks, "rows": rows}
