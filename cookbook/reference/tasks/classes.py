"""AsyncTask: a call and its options in one object.

>>> from django_q.tasks import AsyncTask
>>> order = AsyncTask(abs, -7, group="orders")
>>> order.result()  # It has not been queued yet.
>>> task = order.run()
>>> order.result(wait=30_000), order.fetch().id == task
(7, True)
>>> list(order.result_group()), [row.result for row in order.fetch_group()]
([7], [7])
"""

from django_q.tasks import AsyncTask

from cookbook.harness.trial import table


def properties():
    """Return the options that AsyncTask has as properties."""
    return sorted(k for k, v in vars(AsyncTask).items() if isinstance(v, property))


def edges():
    """Return what happens when an option is set after `run`.

    >>> from cookbook.reference.tasks.classes import edges
    >>> print(edges())
    | Set after `run` | What `result()` returns |
    | --- | --- |
    | `broker`, `cached`, `group`, `hook`, `save`, `sync` | `None` until `run()` |
    | Another option, such as `timeout` | No change; not used |
    """
    order = AsyncTask(abs, -7, group="orders")
    tasks = [order.run()]
    order.result(wait=30_000)
    order.group = "late orders"
    value = order.result()
    tasks.append(order.run())
    assert order.result(wait=30_000) == 7
    assert tasks[0] != tasks[1]
    order.timeout = 1
    return table({
        f"`{'`, `'.join(properties())}`": f"`{value}` until `run()`",
        "Another option, such as `timeout`":
            "Changed" if "timeout" in order.kwargs else "No change; not used",
    }, ("Set after `run`", "What `result()` returns"))  # fmt: skip
