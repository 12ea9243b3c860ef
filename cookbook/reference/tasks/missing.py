"""Options that people write and async_task does not have.

>>> from cookbook.reference.tasks.missing import edges
>>> print(edges())
| Keyword | What happens |
| --- | --- |
| `delay`, `countdown`, `eta`, `schedule_time` | The function gets it |
| `retry`, `max_attempts`, `priority`, `name` | The function gets it |
| Unknown to the function | The task fails: `abs() takes no keyword arguments` |
| Any of these inside `q_options` | Dropped: neither the task nor the function has it |
"""

from django_q.signals import pre_enqueue
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import table

LATER = {"delay": 60, "countdown": 60, "eta": "9:00", "schedule_time": 9}
OTHERS = {"retry": 5, "max_attempts": 2, "priority": 1, "name": "x"}


def run(func, *arguments, **keywords):
    """Run a task and return its result, or the message of its error."""
    task = fetch(async_task(func, *arguments, **keywords), wait=30_000)
    return str(task.result).split(" : ")[0]


def is_dropped(options):
    """Say whether neither the function nor the queue gets options of `q_options`."""
    queued = {}

    def look(task, **_):
        queued.update(task)

    pre_enqueue.connect(look)
    assert run(dict, q_options=dict(options)) == "{}"
    return (
        not options.items()
        & {key: value for key, value in queued.items() if key in options}.items()
    )


def edges():
    rows = {}
    for wrong in (LATER, OTHERS):
        assert run(dict, **wrong) == str(wrong)
        names = "`, `".join(wrong)
        rows[f"`{names}`"] = "The function gets it"
    error = run(abs, -1, delay=60, q_options={"ack_failure": True})
    rows["Unknown to the function"] = f"The task fails: `{error}`"
    assert is_dropped(LATER | OTHERS)
    inside = "Dropped: neither the task nor the function has it"
    rows["Any of these inside `q_options`"] = inside
    return table(rows, ("Keyword", "What happens"))
