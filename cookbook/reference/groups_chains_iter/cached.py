"""Keep results in the cache for a time, and not in the database.

>>> import textwrap
>>> from django.core.management import call_command
>>> from django_q.tasks import (
...     async_task, count_group_cached, delete_cached, delete_group_cached, fetch,
...     fetch_cached, fetch_group_cached, result, result_cached, result_group,
...     result_group_cached,
... )
>>> from cookbook.reference.groups_chains_iter.cached import cached_functions
>>> call_command("createcachetable")
>>> print(textwrap.fill(" ".join(cached_functions()), 72))
count_group_cached delete_cached delete_group_cached fetch_cached
fetch_group_cached result_cached result_group_cached
>>> one = async_task(abs, -1, group="may", cached=600)
>>> two = async_task(abs, "x", group="may", cached=True, ack_failure=True)
>>> fetch_cached(two, wait=30_000).success
False
>>> len(result_group_cached("may", count=2, failures=True, wait=30_000))
2

Each is what the function without `_cached` does when it is told cached=True:

>>> result_cached(one), result(one, cached=True), result(one)
(1, 1, None)
>>> fetch_cached(two).success, fetch(two, cached=True).success, fetch(two)
(False, False, None)
>>> result_group_cached("may"), result_group("may", cached=True), result_group("may")
([1], [1], None)
>>> len(fetch_group_cached("may")), len(fetch_group_cached("may", failures=False))
(2, 1)
>>> count_group_cached("may"), count_group_cached("may", failures=True)
(2, 1)

A name finds nothing in the cache, and an unknown group has no count:

>>> result_cached(fetch_cached(one).name)
>>> count_group_cached("june")

delete_cached deletes one result, and leaves its key in its group, which then
cannot be read:

>>> delete_cached(one), result_cached(one)
(True, None)
>>> result_group_cached("may")
Traceback (most recent call last):
    ...
django.core.signing.BadSignature: No ":" found in value
>>> delete_group_cached("may")
>>> fetch_cached(two)
"""

from django_q import tasks


def cached_functions():
    """Return the functions of django_q.tasks that read the cache."""
    return sorted(name for name in vars(tasks) if name.endswith("_cached"))
