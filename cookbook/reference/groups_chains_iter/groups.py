"""Give several tasks one label, and read their results together.

>>> from django_q.tasks import async_task, count_group, delete_group, result_group
>>> for number in (-1, -2, -3):
...     task = async_task(abs, number, group="june")
>>> sorted(result_group("june", count=3, wait=30_000))
[1, 2, 3]
>>> count_group("june"), delete_group("june", tasks=True)
(3, (3, {'django_q.Task': 3}))
"""

from time import monotonic

from django_q.tasks import (
    async_task,
    count_group,
    delete_group,
    fetch,
    fetch_group,
    result_group,
)

from cookbook.harness.trial import table


def send():
    """Run the tasks of the group: two succeed with 1 and 2, then one fails."""
    for number in (-1, -2, "x"):
        last = async_task(abs, number, group="may", ack_failure=True)
    return fetch(last, wait=30_000)


def read(**options):
    """Return what result_group returns, and whether it took the whole time."""
    start = monotonic()
    results = result_group("may", **options)
    words = [str(one).split(" : ")[0].split(": ")[0] for one in results]
    late = monotonic() - start >= options.get("wait", 9_000) / 1000
    return f"`{', '.join(words)}`" + (", after the whole time" if late else "")


def edges():
    """Return what result_group returns.

    >>> from cookbook.reference.groups_chains_iter.groups import edges
    >>> print(edges())
    | Call | What it returns |
    | --- | --- |
    | `result_group("may")` | `2, 1` |
    | `failures=True` | `bad operand type for abs(), 2, 1` |
    | `count=3, wait=30_000` | `2, 1` |
    | `count=2, wait=300` | `2, 1`, after the whole time |
    | `count=9, wait=100` | `2, 1`, after the whole time |
    | An unknown group | `None`, after the whole time |
    """
    send()
    none = result_group("july", count=1, wait=100)
    rows = {
        '`result_group("may")`': read(),
        "`failures=True`": read(failures=True),
        "`count=3, wait=30_000`": read(count=3, wait=30_000),
        "`count=2, wait=300`": read(count=2, wait=300),
        "`count=9, wait=100`": read(count=9, wait=100),
        "An unknown group": f"`{none}`, after the whole time",
    }
    delete_group("may", tasks=True)
    return table(rows, ("Call", "What it returns"))


def others():
    """Return what the other functions and the methods of a task do.

    >>> from cookbook.reference.groups_chains_iter.groups import others
    >>> print(others())
    | Call | What it does |
    | --- | --- |
    | `fetch_group("may")` | The three tasks, a `QuerySet` |
    | `fetch_group("may", failures=False)` | The two that succeeded |
    | `count_group("may")` | `3`: failures count |
    | `count_group("may", failures=True)` | `1`: failures only |
    | `delete_group("may")` | `3`; the rows stay, their group is `None` |
    | `delete_group("may", tasks=True)` | Deletes the rows; `count_group` is `0` |
    """
    last = send()
    tasks = [task.success for task in fetch_group("may").order_by("stopped")]
    assert tasks == [True, True, False]
    assert len(fetch_group("may", failures=False)) == 2
    assert sorted(last.group_result()) == [1, 2]
    assert (last.group_count(), last.group_count(failures=True)) == (3, 1)
    counts = count_group("may"), count_group("may", failures=True)
    removed = delete_group("may")
    label = fetch(last.id).group
    fetch(async_task(abs, -4, group="may"), wait=30_000).group_delete(tasks=True)
    return table({
        '`fetch_group("may")`': "The three tasks, a `QuerySet`",
        '`fetch_group("may", failures=False)`': "The two that succeeded",
        '`count_group("may")`': f"`{counts[0]}`: failures count",
        '`count_group("may", failures=True)`': f"`{counts[1]}`: failures only",
        '`delete_group("may")`':
            f"`{removed}`; the rows stay, their group is `{label}`",
        '`delete_group("may", tasks=True)`':
            f"Deletes the rows; `count_group` is `{count_group('may')}`",
    }, ("Call", "What it does"))  # fmt: skip
