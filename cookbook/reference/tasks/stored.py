"""The options that decide what is left of a task: its name, group, hook and result."""

from django_q.models import Task
from django_q.tasks import async_task, fetch, result

from cookbook.harness.trial import observe, own_log, table


def finish(*arguments, **options):
    """Run `abs` with these options and return what is stored."""
    return fetch(async_task(abs, *arguments, **options), wait=30_000)


def double(task):
    """Queue a task with the result of another one."""
    async_task(int, task.result * 2, task_name=f"twice {task.id}")


def task_name():
    """Return how tasks are named.

    >>> from cookbook.reference.tasks.stored import task_name
    >>> print(task_name())
    | Value | Name of the result |
    | --- | --- |
    | Not given, `None` or `""` | Four words, such as `delta-nine-oven-table` |
    | `"invoice 7"` | `invoice 7` |
    | The same for two tasks | `result("total")` raises `MultipleObjectsReturned` |
    | Longer than 100 characters | SQLite stores it; on PostgreSQL the result is lost |
    """
    words = [finish(-1, **name).name for name in ({}, {"task_name": None},
                                                  {"task_name": ""})]  # fmt: skip
    assert [len(name.split("-")) for name in words] == [4, 4, 4]
    for number in (-1, -2):
        finish(number, task_name="total")
    try:
        twice = result("total")
    except Task.MultipleObjectsReturned as error:
        twice = f'`result("total")` raises `{type(error).__name__}`'
    assert finish(-1, task_name="x" * 101).name == "x" * 101
    assert observe(lose_by_length, on="PostgreSQL")
    return table({
        'Not given, `None` or `""`': "Four words, such as `delta-nine-oven-table`",
        '`"invoice 7"`': f"`{finish(-1, task_name='invoice 7').name}`",
        "The same for two tasks": twice,
        "Longer than 100 characters":
            "SQLite stores it; on PostgreSQL the result is lost",
    }, ("Value", "Name of the result"))  # fmt: skip


def lose_by_length():
    """Return whether a database that checks the length refuses the result."""
    task = async_task(abs, -1, task_name="x" * 101)
    fetch(async_task(abs, -1), wait=30_000)
    return fetch(task) is None and "Could not save task result" in own_log()


def hook():
    """Return what becomes of a hook. This one queues another task.

    >>> from cookbook.reference.tasks.stored import hook
    >>> print(hook())
    | Value | What happens |
    | --- | --- |
    | A function | Called; the row keeps a text: `<function double at 0x...>` |
    | A dotted path | Called; the row keeps the path |
    | A path that leads nowhere | Not called; the result is stored |
    """
    first = async_task(abs, -5, hook=double)
    assert result(f"twice {first}", wait=30_000) == 10
    path = f"{double.__module__}.double"
    second = async_task(abs, -6, hook=path)
    assert result(f"twice {second}", wait=30_000) == 12
    same = fetch(second).hook == path
    failure = finish(-7, hook="shop.hooks.done")
    return table({
        "A function": f"Called; the row keeps a text: `{fetch(first).hook}`",
        "A dotted path": f"Called; the row keeps {'the path' if same else 'a text'}",
        "A path that leads nowhere":
            f"Not called; the result is {'stored' if failure.success else 'lost'}",
    })  # fmt: skip


def store(**options):
    """Run a task that succeeds and one that fails; say which results are stored."""
    good = async_task(abs, -1, **options)
    bad = async_task(abs, "x", ack_failure=True, **options)
    async_task(abs, -1, task_name="last", save=True)
    fetch("last", wait=30_000)
    rows = {"success": fetch(good), "failure": fetch(bad)}
    Task.objects.all().delete()
    words = {True: "stored", False: "not stored"}
    return "; ".join(f"{name}: {words[bool(row)]}" for name, row in rows.items())


def save():
    """Return which results are stored.

    >>> from cookbook.reference.tasks.stored import save
    >>> print(save())
    | Value | What is stored |
    | --- | --- |
    | Not given, or `True` | success: stored; failure: stored |
    | `False` | success: not stored; failure: stored |
    | Not given, and `save_limit` is `-1` | success: not stored; failure: stored |
    | `True`, and `save_limit` is `-1` | success: stored; failure: stored |
    """
    default = store()
    assert default == store(save=True)
    return table({
        "Not given, or `True`": default,
        "`False`": store(save=False),
        "Not given, and `save_limit` is `-1`": observe(store, save_limit=-1),
        "`True`, and `save_limit` is `-1`": observe(save_all, save_limit=-1),
    }, ("Value", "What is stored"))  # fmt: skip


def save_all():
    return store(save=True)


def cached():
    """Return where a result is, in the cache or in the database.

    >>> from cookbook.reference.tasks.stored import cached
    >>> print(cached())
    | Value | `result(task, cached=True)` | `result(task)` |
    | --- | --- | --- |
    | Not given, `False` or `0` | `None` | `3` |
    | `60` | `3` | `None` |
    | `True` | `3` | `None` |
    | `-1` | `None` | `None` |
    """
    outcomes = {value: look(cached=value) for value in (False, 0, 60, True, -1)}
    assert look() == outcomes[False] == outcomes[0]
    rows = {"Not given, `False` or `0`": look()}
    rows |= {f"`{value}`": outcomes[value] for value in (60, True, -1)}
    heads = ("Value", "`result(task, cached=True)` | `result(task)`")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


def look(**options):
    task = async_task(abs, -3, **options)
    fetch(async_task(abs, -1), wait=30_000)
    return f"`{result(task, cached=True)}` | `{result(task)}`"
