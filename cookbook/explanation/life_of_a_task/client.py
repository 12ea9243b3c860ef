"""What the client does; each function returns when the cluster is done with it."""

import json
import os
import signal
from collections import Counter
from time import sleep

import psutil
from django_q.models import OrmQ
from django_q.tasks import async_chain, async_task, fetch, result, result_group

from cookbook.harness.trial import wait_until

from .trace import WORKSPACE, steps, work

HOOK = "cookbook.explanation.life_of_a_task.trace.call_back"


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
    """Wait until a task is done with, or has been fetched three times.

    Returns whether it is done with: its result saved and its row gone.
    """
    fetched = count("broker.dequeue")

    def done():
        return bool(fetch(task)) and not OrmQ.objects.exists()

    wait_until(
        lambda: done() or count("broker.dequeue") > fetched + 2,
        30,
        lambda: "the task was neither done with nor fetched again",
    )
    return done()


def kill_at_rest(process):
    """Kill a process of the cluster once it waits for something to do."""
    pids = {line["process"]: line["pid"] for line in steps()}
    pids["main process"] = steps()[0]["parent"]
    seen = Counter()

    def rests():
        switches = psutil.Process(pids[process]).num_ctx_switches().voluntary
        seen[switches] += 1
        return seen[switches] > 5

    wait_until(rests, 10, lambda: f"the {process} never rests")
    os.kill(pids[process], signal.SIGKILL)


def nap():
    sleep(1.5)


def interrupt(send):
    """Send SIGTERM to the main process, or to its group, while a task runs."""
    async_task(nap, timeout=10)
    wait_until(lambda: count("pre_execute"), 10, lambda: "the task did not start")
    send(steps()[0]["parent"], signal.SIGTERM)


def survive(places):
    print(json.dumps([kill(process, step) for process, step in places]))


def kill(process, step):
    """Kill a process at a step of a task, or at rest; return what comes of the task."""
    settle(async_task(work, "before"))
    wait_until(
        lambda: steps()[-1]["step"] == "post_execute", 10, lambda: "it is not at rest"
    )
    log = next(WORKSPACE.glob("cluster-*.log"))
    runs, logged = count("the function"), len(log.read_text())
    if step == "at rest":
        kill_at_rest(process)
    else:
        (WORKSPACE / f"die at {step}").touch()
    task = async_task(work, "beside", hook=HOOK)
    done = settle(task)
    runs = count("the function") - runs
    return {
        "killed": process,
        "at": step,
        "runs": runs if done or runs < 2 else "2+",
        "result saved": answer(fetch(task)),
        "next task runs": answer(done and settle(async_task(work, "after"))),
        "process replaced": answer("reincarnated" in log.read_text()[logged:]),
    }


def answer(true):
    return "yes" if true else "no"
