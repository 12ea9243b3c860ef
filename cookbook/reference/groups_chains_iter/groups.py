"""Give several tasks one label, and read their results together.

>>> from django_q.tasks import (
...     async_task, count_group, delete_group, fetch, fetch_group, result_group,
... )
>>> from time import monotonic
>>> for number in (-1, -2, "x"):
...     last = async_task(abs, number, group="may", ack_failure=True)
>>> tasks = fetch_group("may", count=3, wait=30_000)

fetch_group gives failures too, result_group gives them when asked:

>>> [task.success for task in tasks.order_by("stopped")]
[True, True, False]
>>> sorted(result_group("may"))
[1, 2]
>>> len(fetch_group("may", failures=False)), len(result_group("may", failures=True))
(2, 3)

count_group counts all, or the failures only:

>>> count_group("may"), count_group("may", failures=True)
(3, 1)

The newest result comes first, so sort them yourself:

>>> list(result_group("may"))
[2, 1]

count is the exact number: with one too small it waits as long as it may.

>>> start = monotonic()
>>> len(result_group("may", count=1, wait=300)), monotonic() - start >= 0.3
(2, True)

When the time is over before count is reached, it gives what there is, or None:

>>> len(result_group("may", count=9, wait=100))
2
>>> result_group("june", count=1, wait=100)

Each stored task knows its group:

>>> task = fetch(last)
>>> task.group_count(), task.group_count(failures=True), sorted(task.group_result())
(3, 1, [1, 2])

delete_group takes the label away, or with tasks=True the results:

>>> delete_group("may"), count_group("may"), fetch(last).group
(3, 0, None)
>>> done = fetch(async_task(abs, -4, group="june"), wait=30_000)
>>> done.group_delete(tasks=True), fetch(done.id)
((1, {'django_q.Task': 1}), None)
"""
