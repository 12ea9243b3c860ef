"""What the client does; each function returns when the cluster is done with it."""

import os
import signal
from collections import Counter
from time import sleep

import psutil
from django_q.models import OrmQ
from django_q.tasks import async_chain, async_task, fetch, result, result_group

from cookbook.harness.trial import wait_until

from .trace import folder, record, steps


def work(name):
    record("the function")
    return name


def call_back(task):
    record("the hook")


HOOK = f"{__name__}.call_back"


def one_task():
    result(async_task(work, "ada", hook=HOOK), wait=10_000)


def a_chain():
    group = async_chain([(work, ("ada",)), (work, ("bob",))])
    result_group(group, wait=10_000, count=2)


def occupy():
    """Keep the only worker until the pusher has fetched the task behind this one."""
    wait_until(
        lambda: count("broker.dequeue") == 2, 10, lambda: "nothing is fetched ahead"
    )
    return "ada"


def two_tasks():
    async_task(occupy, timeout=10)
    result(async_task(work, "bob"), wait=10_000)


def count(step):
    return Counter(line["step"] for line in steps())[step]


def settle(task):
    """Wait until a task is done, or was fetched three times; return whether it is done.

    It is done when its result is saved and its row is gone. A cluster that fetches the
    same task a third time counts as stalled.
    """
    fetched = count("broker.dequeue")

    def is_done():
        return bool(fetch(task)) and not OrmQ.objects.exists()

    wait_until(
        lambda: is_done() or count("broker.dequeue") > fetched + 2,
        30,
        lambda: "the task was neither done nor fetched again",
    )
    return is_done()


def kill_idle(process):
    """Kill a process of the cluster once it waits for something to do."""
    pids = {line["process"]: line["pid"] for line in steps()}
    pids["main process"] = steps()[0]["parent"]
    looks = Counter()

    def is_idle():
        switches = psutil.Process(pids[process]).num_ctx_switches().voluntary
        looks[switches] += 1
        return looks[switches] > 5

    wait_until(is_idle, 10, lambda: f"the {process} is never idle")
    os.kill(pids[process], signal.SIGKILL)


def nap():
    sleep(1.5)


def interrupt(everyone):
    """Send SIGTERM to the main process, or to all processes, while a task runs."""
    async_task(nap, timeout=10)
    wait_until(lambda: count("pre_execute"), 10, lambda: "the task did not start")
    send = os.killpg if everyone else os.kill
    send(steps()[0]["parent"], signal.SIGTERM)


def kill_each(places):
    return [kill(process, step) for process, step in places]


def kill(process, step):
    """Kill a process at a step of a task, or idle; return what happens to the task."""
    settle(async_task(work, "before"))
    wait_until(
        lambda: steps()[-1]["step"] == "post_execute", 10, lambda: "it is not idle"
    )
    log = next(folder().glob("cluster-*.log"))
    runs, logged = count("the function"), len(log.read_text())
    if step == "idle":
        kill_idle(process)
    else:
        (folder() / f"die at {step}").touch()
    task = async_task(work, "beside", hook=HOOK)
    end = settle(task)
    runs = count("the function") - runs
    return {
        "Killed": process,
        "At step": step,
        "Runs": runs if end or runs < 2 else "2+",
        "Result saved": answer(fetch(task)),
        "Next task runs": answer(end and settle(async_task(work, "after"))),
        "Process replaced": answer("reincarnated" in log.read_text()[logged:]),
    }


def answer(value):
    return "yes" if value else "no"
