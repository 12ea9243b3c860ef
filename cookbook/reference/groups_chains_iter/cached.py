"""Keep results in the cache for a time, and not in the database.

>>> from django_q.tasks import async_task, result, result_cached, result_group_cached
>>> one = async_task(abs, -1, group="june", cached=600)
>>> two = async_task(abs, -2, group="june", cached=600)
>>> result_cached(two, wait=30_000), result(two, cached=True), result(two)
(2, 2, None)
>>> result_group_cached("june")
[1, 2]
"""

from django.core.signing import BadSignature
from django_q.tasks import (
    async_task,
    count_group,
    count_group_cached,
    delete_cached,
    delete_group_cached,
    fetch,
    fetch_cached,
    fetch_group,
    fetch_group_cached,
    result,
    result_cached,
    result_group,
    result_group_cached,
)

from cookbook.harness.trial import table


def error_of(function, *arguments):
    """Return what a function returns, or its error, as text."""
    try:
        return f"`{function(*arguments)}`"
    except (BadSignature, TypeError) as error:
        return f"`{type(error).__name__}: {error}`"


def edges():
    """Return what the functions for the cache do.

    >>> from cookbook.reference.groups_chains_iter.cached import edges
    >>> print(edges())
    | Call | What happens |
    | --- | --- |
    | A name instead of an id | `None` |
    | `count_group_cached`, no group | `None` |
    | `delete_group_cached`, no group | `TypeError: 'NoneType' object is not iterable` |
    | `delete_cached(task)` | `True` |
    | Then `result_group_cached("may")` | `BadSignature: No ":" found in value` |
    """
    one = async_task(abs, -1, group="may", cached=600)
    two = async_task(abs, "x", group="may", cached=True, ack_failure=True)
    assert fetch_cached(two, wait=30_000).success is False
    assert fetch(two, cached=True).success is False
    assert fetch(two) is None
    assert result_cached(one) == result(one, cached=True) == 1
    assert result_group_cached("may") == result_group("may", cached=True) == [1]
    assert len(result_group_cached("may", failures=True)) == 2
    assert result_group("may") is None
    assert len(fetch_group_cached("may")) == len(fetch_group("may", cached=True)) == 2
    assert len(fetch_group_cached("may", failures=False)) == 1
    assert count_group_cached("may") == count_group("may", cached=True) == 2
    assert count_group_cached("may", failures=True) == 1
    rows = {
        "A name instead of an id": error_of(result_cached, fetch_cached(one).name),
        "`count_group_cached`, no group": error_of(count_group_cached, "july"),
        "`delete_group_cached`, no group": error_of(delete_group_cached, "july"),
        "`delete_cached(task)`": error_of(delete_cached, one),
        'Then `result_group_cached("may")`': error_of(result_group_cached, "may"),
    }
    delete_group_cached("may")
    assert fetch_cached(two) is None
    return table(rows, ("Call", "What happens"))
