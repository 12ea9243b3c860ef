"""What follows from the numbers of a configuration.

>>> numbers = {"workers": 4, "timeout": 30, "queue_limit": 16, "bulk": 1}
>>> plan(numbers, "orm")["safe retry"], plan(numbers, "redis")["safe retry"]
('above 180 s', 'not used by this broker')
>>> plan(numbers | {"timeout": None}, "orm")["safe retry"]
'none is long enough'
"""

from cookbook.recipes.qdoctor.rules import longest_hold, shown


def plan(values, broker):
    """Return what to expect of a cluster, in the words of the calculator."""
    most, workers = longest_hold(values), values["workers"]
    bounded = f"{shown(most)} s" if most else "no bound"
    retry = f"above {shown(most)} s" if most else "none is long enough"
    # A sentinel, a pusher and a monitor beside the workers, and the main process.
    polls = 1 if broker == "orm" else 0
    limit = values["queue_limit"]
    held = workers + limit + values["bulk"] if limit and limit > 0 else 0
    return {
        "safe retry": retry if broker in ["orm", "sqs"] else "not used by this broker",
        "worst-case shutdown": bounded,
        "tasks taken at once": shown(held) if held else "all that wait",
        "processes": shown(workers + 4),
        "database connections": shown(workers + 2 + polls),
    }
