"""What follows from the numbers of a configuration.

>>> from cookbook.reference.check_your_q_cluster.plan import plan
>>> numbers = {"workers": 4, "timeout": 30, "queue_limit": 16, "bulk": 5, "poll": 0.2}
>>> for broker in ("orm", "redis", "sqs"):
...     print(*list(plan(numbers, broker).values())[:3], sep=", ")
above 210 s, 220 s, 25
not used by this broker, 191 s, 21
above 210 s, 240 s, 25
>>> plan(numbers | {"timeout": 0}, "orm")["safe retry"]
'above 21 s'
>>> plan(numbers | {"timeout": None}, "orm")["safe retry"]
'none is long enough'
"""

from cookbook.qdoctor.rules import fetch_size, longest_hold
from cookbook.qdoctor.values import describe


def plan(values, broker):
    """Return what to expect of a cluster, in the words of the calculator."""
    most, workers = longest_hold(values, broker), values["workers"]
    # The pusher asks an empty queue for so long, and the processes need time to end.
    asks = {"orm": values["poll"], "redis": 1, "sqs": 20}[broker]
    bounded = f"{describe(most + int(asks) + 10)} s" if most else "no bound"
    retry = f"above {describe(most)} s" if most else "none is long enough"
    # A sentinel, a pusher and a monitor beside the workers, and the main process.
    polls = 1 if broker == "orm" else 0
    limit, bulk = values["queue_limit"], fetch_size(values, broker)
    held = workers + limit + bulk if limit and min(limit, bulk) > 0 else 0
    return {
        "safe retry": retry if broker in ["orm", "sqs"] else "not used by this broker",
        "worst-case shutdown": bounded,
        "tasks taken at once": describe(held) if held else "all that wait",
        "processes": describe(workers + 4),
        "database connections": describe(workers + 2 + polls),
    }
