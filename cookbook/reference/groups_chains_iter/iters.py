"""Call one function with each of many arguments, and get one list of results.

>>> from django_q.tasks import async_iter, fetch, result
>>> squares = async_iter(pow, [(2, 2), (3, 2), (4, 2)])
>>> sorted(result(squares, wait=30_000))
[4, 9, 16]
>>> fetch(squares).args, fetch(squares).group
([(2, 2), (3, 2), (4, 2)], None)
"""

from threading import Barrier, Thread
from unittest.mock import patch

from django_q.brokers import get_broker
from django_q.models import Task
from django_q.monitor import save_cached
from django_q.tasks import async_iter, fetch, queue_size, result

from cookbook.harness.trial import table


def run(*arguments, **options):
    """Run async_iter and return the results as text, in a fixed order."""
    values = result(async_iter(*arguments, **options), wait=30_000)
    return f"`{sorted(values)}`"


def edges():
    """Return what becomes of arguments and options.

    >>> from cookbook.reference.groups_chains_iter.iters import edges
    >>> print(edges())
    | Arguments, option | Result |
    | --- | --- |
    | `pow, [(2, 2), (3, 2)]` | `[4, 9]` |
    | `len, ["a", "bb", [1, 2, 3]]` | `[1, 2, 3]` |
    | `abs, ["x", -1]` | The text of the error and `1`; `success` is `True` |
    | A generator | `TypeError: object of type 'generator' has no len()` |
    | An empty list | `None`: no result ever |
    | `cached=60` | The list is in the cache; `result(task)` is `None` |
    | `hook=print` | Dropped; the row has `None` |
    | `cluster="mail"` | Dropped; the queue `mail` has 0 tasks |
    | `broker=get_broker("mail")` | Used; the queue `mail` has 2 tasks |
    """
    mixed = fetch(async_iter(abs, ["x", -1], ack_failure=True), wait=30_000)
    text, one = mixed.result
    assert text.startswith("bad operand type for abs(): 'str'")
    assert one == 1
    task = async_iter(abs, [-1, -2], cached=60)
    assert sorted(result(task, wait=30_000, cached=True)) == [1, 2]
    stored = result(task)
    hook = fetch(async_iter(abs, [-7], hook=print, cluster="mail"), wait=30_000).hook
    dropped = queue_size(get_broker("mail"))
    async_iter(abs, [-7, -8], broker=get_broker("mail"))
    try:
        generator = async_iter(abs, (n for n in range(3)))
    except TypeError as error:
        generator = f"`TypeError: {error}`"
    return table({
        "`pow, [(2, 2), (3, 2)]`": run(pow, [(2, 2), (3, 2)]),
        '`len, ["a", "bb", [1, 2, 3]]`': run(len, ["a", "bb", [1, 2, 3]]),
        '`abs, ["x", -1]`':
            f"The text of the error and `1`; `success` is `{mixed.success}`",
        "A generator": generator,
        "An empty list": f"`{result(async_iter(abs, []), wait=500)}`: no result ever",
        "`cached=60`": f"The list is in the cache; `result(task)` is `{stored}`",
        "`hook=print`": f"Dropped; the row has `{hook}`",
        '`cluster="mail"`': f"Dropped; the queue `mail` has {dropped} tasks",
        '`broker=get_broker("mail")`':
            f"Used; the queue `mail` has {queue_size(get_broker('mail'))} tasks",
    }, ("Arguments, option", "Result"))  # fmt: skip


def iterate():
    """Use Iter.

    >>> from django_q.tasks import Iter
    >>> areas = Iter(pow, [(2, 2)])
    >>> areas.append(3, 2), areas.length(), areas.result()
    (2, 2, None)
    >>> areas.run() == areas.id
    True
    >>> sorted(areas.result(wait=30_000)), areas.fetch().success
    ([4, 9], True)
    >>> areas.append(4, 2), areas.result()  # It forgets that it ran.
    (3, None)
    """


def meet():
    """Let two monitors store the first two of three parts at the same moment.

    Each reads the list of finished parts before the other one writes it. Then a part is
    missing when the last one comes:

    >>> from cookbook.reference.groups_chains_iter.iters import meet
    >>> meet()
    'No result'
    """
    broker = get_broker("nobody")  # No cluster interferes.
    iteration = async_iter(abs, [-1, -2, -3], broker=broker)
    cache, both = broker.cache, Barrier(2)
    lookup = cache.get

    def get(key, *arguments):
        value = lookup(key, *arguments)
        both.wait(30)
        return value

    def save(number):
        save_cached(
            {"id": f"part {number}", "group": iteration, "iter_count": 3,
             "cached": True, "result": number, "success": True}, broker,
        )  # fmt: skip

    with patch.object(cache, "get", get):
        monitors = [Thread(target=save, args=(number,)) for number in (1, 2)]
        for monitor in monitors:
            monitor.start()
        for monitor in monitors:
            monitor.join()
    save(3)
    return "A result" if Task.objects.filter(id=iteration).exists() else "No result"
