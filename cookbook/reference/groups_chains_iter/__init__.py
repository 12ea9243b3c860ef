"""Several tasks at once: groups, iterables, chains, and results in the cache.

All functions and classes of `django_q.tasks` for several tasks:

>>> from cookbook.reference.groups_chains_iter import list_functions
>>> print(list_functions())
| Name | Arguments |
| --- | --- |
| [`Chain`](#chain) | `chain, group, cached, sync, broker` |
| [`Iter`](#iter) | `func, args, kwargs, cached, sync, broker` |
| [`async_chain`](#async_chain) | `chain, group, cached, sync, broker` |
| [`async_iter`](#async_iter) | `func, args_iter, kwargs` |
| [`count_group`](#groups) | `group_id, failures, cached` |
| `count_group_cached` | `group_id, failures, broker` |
| `delete_cached` | `task_id, broker` |
| [`delete_group`](#groups) | `group_id, tasks, cached` |
| `delete_group_cached` | `group_id, broker` |
| `fetch_cached` | `task_id, wait, broker` |
| [`fetch_group`](#groups) | `group_id, failures, wait, count, cached` |
| `fetch_group_cached` | `group_id, failures, wait, count, broker` |
| `result_cached` | `task_id, wait, broker` |
| [`result_group`](#groups) | `group_id, failures, wait, count, cached` |
| `result_group_cached` | `group_id, failures, wait, count, broker` |
"""

import inspect

from django_q import tasks

from cookbook.harness.trial import table

WORDS = ("group", "iter", "chain", "cached")
# Where the page describes it.
HEADINGS = {
    "Chain": "chain",
    "Iter": "iter",
    "async_chain": "async_chain",
    "async_iter": "async_iter",
    "count_group": "groups",
    "delete_group": "groups",
    "fetch_group": "groups",
    "result_group": "groups",
}


def functions():
    """Return what django_q.tasks defines for several tasks, and for the cache."""
    return [
        name
        for name, value in sorted(vars(tasks).items())
        if any(word in name.lower() for word in WORDS)
        and getattr(value, "__module__", "") == tasks.__name__
    ]


def list_functions():
    """Return them as a table; one that nobody has described is an error."""
    rows = {}
    for name in functions():
        assert name in HEADINGS or name.endswith("_cached")
        link = f"[`{name}`](#{HEADINGS[name]})" if name in HEADINGS else f"`{name}`"
        arguments = inspect.signature(getattr(tasks, name)).parameters
        rows[link] = f"`{', '.join(map(str, arguments))}`"
    return table(rows, ("Name", "Arguments"))
