"""Run tasks one after the other.

>>> from django_q.tasks import async_chain, result_group
>>> links = [(abs, (-1,)), (round, (2.71,), {"ndigits": 1})]
>>> group = async_chain(links)
>>> second, first = result_group(group, count=2, wait=30_000)
>>> first, second
(1, 2.7)
"""

from django_q.models import OrmQ
from django_q.tasks import (
    async_chain,
    async_task,
    count_group,
    fetch,
    fetch_group,
    result,
    result_group,
)

from cookbook.harness.trial import observe, stop, table, wait_until, write, written


def fail():
    raise ValueError("no")


def send():
    """Send a chain whose first link fails, and wait until the rest has run again."""
    async_chain([(fail,), (write, ("second link",))])
    wait_until(lambda: len(written()) > 1, 30, lambda: f"only {written()}")
    stop()
    return len(set(written()))


def edges():
    """Return what becomes of a chain.

    >>> from cookbook.reference.groups_chains_iter.chains import edges
    >>> print(edges())
    | What | What happens |
    | --- | --- |
    | A link returns a value | The next one does not get it: `{}` |
    | A link fails, with `ack_failure=True` | The next one runs |
    | A link fails, and runs again after `retry` | The rest runs again, each time |
    | A link has `save=False`, or `save_limit` is `-1` | The chain ends: `None` |
    | `async_chain(links, cached=60)` | Runs; the cache has `[1, 2]` |
    | Your list, after the call | Its first link is gone, and its keywords changed |
    | `async_task(abs, -1, chain=links)` | The monitor dies; the result is lost |
    """
    first = {"ndigits": 1}
    links = [(round, (2.71,), first), (dict,)]
    group = async_chain(links)
    result_group(group, count=2, wait=30_000)
    assert links == [(dict,)]
    assert {"chain", "group", "broker"} <= first.keys()
    failing = async_chain([(abs, ("x",), {"ack_failure": True}), (dict,)])
    ends = [task.success for task in fetch_group(failing, count=2, wait=30_000)]
    assert ends == [True, False]
    unsaved = async_chain([(abs, (-1,), {"save": False}), (abs, (-2,))])
    cached = async_chain([(abs, (-1,)), (abs, (-2,))], cached=60)
    wait_until(
        lambda: count_group(cached, cached=True) == 2, 30, lambda: "it does not end"
    )
    # The list of a group names a task before its result is there; the monitor saves
    # this one after it.
    fetch(async_task(abs, -1), wait=30_000)
    results = result_group(cached, cached=True)
    broken = async_task(abs, -1, chain=[(abs, (-2,))])
    assert result(async_task(abs, -3), wait=30_000) == 3
    missing = fetch(broken) is None
    assert broken in [row.task_id() for row in OrmQ.objects.all()]
    assert observe(send, retry=2) == 1
    return table({
        "A link returns a value": f"The next one does not get it: `{links[0][0]()}`",
        "A link fails, with `ack_failure=True`": "The next one runs",
        "A link fails, and runs again after `retry`": "The rest runs again, each time",
        "A link has `save=False`, or `save_limit` is `-1`":
            f"The chain ends: `{result_group(unsaved, count=1, wait=500)}`",
        "`async_chain(links, cached=60)`": f"Runs; the cache has `{results}`",
        "Your list, after the call": "Its first link is gone, and its keywords changed",
        "`async_task(abs, -1, chain=links)`":
            "The monitor dies; the result is lost" if missing else "",
    }, ("What", "What happens"))  # fmt: skip


def chain():
    """Use Chain.

    >>> from django_q.tasks import Chain, count_group
    >>> chain = Chain()
    >>> chain.append(abs, -1), chain.append(abs, -2), chain.length()
    (1, 2, 2)
    >>> chain.result(), chain.current()  # It has not been queued yet.
    (None, None)
    >>> chain.run() == chain.group
    True
    >>> sorted(chain.result(wait=30_000)), chain.current()
    ([1, 2], 2)
    >>> [task.args for task in chain.fetch()]
    [(-2,), (-1,)]
    >>> chain.append(abs, -3), chain.result(), count_group(chain.group)
    (3, None, 0)
    """
