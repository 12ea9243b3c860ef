"""What the examples do in a shell of the project."""

from contextlib import suppress

from django_q.models import OrmQ
from django_q.tasks import async_chain, async_task, fetch, schedule

from cookbook.harness.trial import beside, wait_until

from .receivers import hook, note, notes


def work(*arguments):
    note(f"work {' '.join(arguments)}".strip())


def one_task():
    """Run one task, and return what was called with it."""
    async_task(work)

    def ended():
        return {"post_spawn", "post_execute"} <= {line[0] for line in notes()}

    wait_until(ended, 30, lambda: f"the task did not end: {notes()}")
    return sorted(notes(), key=lambda line: line[0] != "post_spawn")


def elsewhere():
    """Send a chain of two beside a schedule that is due; return who enqueues.

    The first task of the chain, its second one and the task of the schedule make three.
    """
    schedule("builtins.abs", -1)
    async_chain([(abs, (-2,)), (abs, (-3,))])

    def callers():
        return sorted(line[1] for line in notes() if line[0] == "pre_enqueue")

    beside(wait_until, lambda: len(callers()) > 2, 60, lambda: f"only {notes()}")
    return callers()


def failing(name):
    """Run a task with which the receiver of this signal fails; return what is left."""
    task = None
    with suppress(ValueError):
        task = async_task(work, name, task_name=name)
    after = async_task(work, f"after {name}")
    return {
        "the next runs": bool(fetch(after, wait=60_000)),
        "it ran": f"work {name}" in [line[0] for line in notes()],
        "result": bool(fetch(name)),
        "in the queue": task in [row.task_id() for row in OrmQ.objects.all()],
    }


def behind():
    """Queue results behind one whose receiver fails; return how many are stored."""
    async_task(work, "post_execute", "slow")
    tasks = [async_task(work, str(number)) for number in range(3)]
    return sum(fetch(task, wait=20_000) is not None for task in tasks)


def hooks():
    """Send a task of each kind with the hook; return the processes that called it."""
    tasks = {
        "success": async_task(abs, -1, hook=hook, task_name="success"),
        "failure": async_task(abs, "x", hook=hook, task_name="failure"),
        "unsaved": async_task(abs, -1, hook=hook, task_name="unsaved", save=False),
        "cached": async_task(abs, -1, hook=hook, task_name="cached", cached=True),
        "sync": async_task(abs, -1, hook=hook, task_name="sync", sync=True),
        "bad hook": async_task(abs, -1, hook=hook, task_name="bad hook"),
        "bad path": async_task(abs, -1, hook="shop.hooks.done", task_name="bad path"),
    }
    with suppress(TypeError):
        async_task(abs, "x", hook=hook, task_name="sync failure", sync=True)
    fetch(async_task(abs, -1), wait=60_000)
    called = {name: [] for name in [*tasks, "sync failure"]}
    for step, process, _, _ in notes():
        if step.startswith("hook of "):
            called[step.removeprefix("hook of ")].append(process)
    return called


def save_again():
    """Save the row of a task once more; return the processes that called the hook."""
    path = f"{hook.__module__}.{hook.__name__}"
    task = fetch(async_task(abs, -1, hook=path, task_name="again"), wait=30_000)
    task.save()

    def called():
        return [line[1] for line in notes() if line[0] == "hook of again"]

    wait_until(lambda: len(called()) > 1, 30, lambda: f"called in {called()}")
    return called()
