"""Run the same program with the same faults on seven queues, and count.

The small size: one worker of each queue is killed, and a few of the other faults.

>>> from cookbook.evidence.which_queue import SMALL, measure
>>> kill = ["a worker killed"]
>>> runs = {
...     "Django-Q2, PostgreSQL": [*kill, "schedule"],
...     "Django-Q2, Redis": [*kill, "server gone"],
...     "Celery, acks late": kill,
...     "Huey": ["all killed", "other tasks", "hanging tasks"],
...     "RQ": kill,
...     "Dramatiq": kill,
...     "Procrastinate": kill,
...     "Django Tasks": [*kill, "other tasks"],
... }
>>> rows = measure(runs, SMALL)["rows"]
>>> for row in rows:
...     print(row.get("lost with a worker"), "of", row["Queue"])
0 of Django-Q2, PostgreSQL
1 of Django-Q2, Redis
0 of Celery, acks late
None of Huey
0 of RQ
0 of Dramatiq
0 of Procrastinate
1 of Django Tasks

A task that always fails runs three times where retries exist:

>>> [row["runs of a failure"] for row in rows if "runs of a failure" in row]
[3, 1]

Needs: celery, django-tasks, django-tasks-db, dramatiq, huey, procrastinate[django], rq.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import psutil

from cookbook.evidence.recipes_under_faults.servers import PostgreSQL, Redis
from cookbook.evidence.which_queue import program
from cookbook.evidence.which_queue.queues import QUEUES
from cookbook.harness import trial


class Manager:
    """Keep the processes of a queue running: start again what ends, as systemd does."""

    def __init__(self, commands, environment):
        self.commands, self.environment = commands, environment
        self.log = Path(environment["WORKSPACE"], "log")
        self.mains, self.restarts = [], 0

    def start(self):
        self.mains = list(map(self.launch, self.commands))

    def launch(self, command):
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=self.environment["WORKSPACE"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def tend(self):
        for place, main in enumerate(self.mains):
            if main.poll() is not None:
                self.restarts += 1
                self.mains[place] = self.launch(self.commands[place])

    def kill(self):
        """Send SIGKILL to every process, as a power cut would."""
        for process in trial.processes(self.environment["WORKSPACE"]):
            with suppress(psutil.NoSuchProcess):  # It may end with its parent.
                process.kill()
        for main in self.mains:
            main.wait()

    def stop(self, seconds=60):
        """Send SIGTERM to the main processes, and SIGKILL to what does not end."""
        for main in self.mains:
            main.terminate()
        with suppress(TimeoutError):
            trial.wait_until(
                lambda: None not in [main.poll() for main in self.mains],
                seconds,
                lambda: "a process does not stop",
            )
        self.kill()


class Run:
    """One queue in a project of its own; `patience` is how long silence may last."""

    def __init__(self, queue, environment, server, patience):
        self.queue, self.environment, self.server = queue, environment, server
        self.patience, self.folder = patience, Path(environment["WORKSPACE"])
        python = {"manage": str(trial.MANAGE), "socket": getattr(server, "socket", "")}
        words = [shlex.split(one.format(**python)) for one in queue["commands"]]
        self.manager = Manager(words, environment)
        self.next = 0

    def send(self, name, count):
        """Enqueue tasks and return their numbers, which no other task has."""
        numbers = range(self.next, self.next + count)
        self.next += count
        trial.call(
            self.environment, program.send, self.queue["module"], name, list(numbers)
        )
        return numbers

    def count(self, what, numbers):
        """Return how often tasks did begin or end: `{number: times}`."""
        lines = [line.split() for line in self.lines()]
        return Counter(
            int(number)
            for kind, number, _ in lines
            if kind == what and int(number) in numbers
        )

    def lines(self):
        return (self.folder / "journal").read_text().splitlines()

    def wait(self, condition, seconds=300):
        """Wait until a condition is true, and start again what ends meanwhile."""

        def look():
            time.sleep(0.2)  # Nine threads look, and most of the time nothing happens.
            self.manager.tend()
            return condition()

        return trial.wait_until(look, seconds, self.manager.log.read_text)

    def settle(self, numbers):
        """Wait until all tasks have ended, or for the end of patience."""
        begin = time.time()

        def quiet():
            last = max(begin, (self.folder / "journal").stat().st_mtime)
            return time.time() - last > self.patience

        self.wait(
            lambda: len(self.count("end", numbers)) == len(numbers) or quiet(), 3600
        )

    def sleep_until(self, when):
        trial.wait_until(lambda: time.time() >= when, 300, str)

    def hold(self):
        """Hold the workers in the middle of their tasks; return the pid of one."""
        (self.folder / "hold").touch()
        begin = time.monotonic()

        def busy():
            state = {}
            for line in self.lines():
                what, _, pid = line.split()
                state[int(pid)] = what
            # A task that was about to end has ended by then, and a worker that was
            # killed is no longer there.
            late = time.monotonic() > begin + 0.5
            held = [pid for pid, what in state.items() if what == "begin"]
            return late and list(filter(is_alive, held))

        return self.wait(busy)[0]

    def release(self):
        (self.folder / "hold").unlink()


def is_alive(pid):
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def kill_worker(run, numbers):
    os.kill(run.hold(), signal.SIGKILL)
    run.release()


def kill_all(run, numbers):
    run.hold()
    run.manager.kill()
    run.release()
    run.manager.start()


def stop_server(run, numbers):
    run.server.stop()
    end = time.time() + 5
    run.wait(lambda: time.time() > end)
    with START:
        run.server.start()


def harm(run, do, tasks, times):
    """Do harm in the middle of tasks; return how many were lost, and ended twice."""
    numbers = run.send("work", tasks)
    run.manager.start()
    for turn in range(times):
        part = tasks * (turn + 1) // (times + 2)
        run.wait(lambda part=part: len(run.count("end", numbers)) >= part)
        do(run, numbers)
    run.settle(numbers)
    run.manager.stop()
    ended = run.count("end", numbers)
    return tasks - len(ended), sum(count > 1 for count in ended.values())


def killed_worker(run, size):
    losses, twice = harm(run, kill_worker, size["tasks"], size["kills"])
    return {"lost with a worker": losses, "twice with a worker": twice}


def killed_all(run, size):
    losses, twice = harm(run, kill_all, size["tasks"], size["kills"])
    return {"lost with all": losses, "twice with all": twice}


def gone_server(run, size):
    run.manager.restarts = 0
    losses, twice = harm(run, stop_server, size["tasks"], 1)
    restarts = run.manager.restarts
    return {"lost without server": losses, "twice without": twice, "restarts": restarts}


def other_tasks(run, size):
    """Send a task that fails, a coroutine, and one whose transaction is rolled back."""
    failure, coroutine = run.send("fail", 1), run.send("pause", 1)
    rollback = range(run.next, run.next + 1)
    run.next += 1
    trial.call(
        run.environment, program.send_and_roll_back, run.queue["module"], rollback[0]
    )
    run.manager.start()
    run.settle(range(-1, 0))  # Until nothing has happened for a while.
    run.manager.stop()
    return {
        "runs of a failure": run.count("begin", failure)[failure[0]],
        "async def": "runs" if run.count("end", coroutine) else "does not run",
        "after rollback": "runs" if run.count("end", rollback) else "does not run",
    }


def hanging_tasks(run, size):
    """Hang both workers, and look whether a task that waits behind them is done."""
    # Four, because a queue may fetch two of them for the same worker.
    hang = run.send("hang", 4)
    run.manager.start()
    run.wait(lambda: len(run.count("begin", hang)) >= 2)
    behind = run.send("work", 1)
    run.settle(behind)
    run.manager.stop(seconds=5)
    ended = run.count("end", behind)
    return {"behind two that hang": "is done" if ended else "waits"}


def schedule(run, size):
    """Be away when a run is due, and count the runs before the next one is due."""
    ticks, period = run.folder / "ticks", size["period"]
    ticks.touch()
    trial.call(run.environment, program.plan, run.queue["module"])
    run.manager.start()
    with suppress(TimeoutError):  # Two queues have no schedules.
        run.wait(lambda: ticks.stat().st_size, size["first_tick"])
    run.manager.kill()
    back = (time.time() // period + 1) * period + 65 if period else 0
    run.sleep_until(back)
    before = ticks.read_text().count("\n")
    run.manager.start()
    run.sleep_until(back + 50)
    after = ticks.read_text().count("\n")
    run.manager.stop()
    answer = "is made up" if after > before else "is left out"
    return {"a run that is missed": answer if before else "no schedules"}


PARTS = {
    "a worker killed": killed_worker,
    "all killed": killed_all,
    "server gone": gone_server,
    "other tasks": other_tasks,
    "schedule": schedule,
    "hanging tasks": hanging_tasks,
}
START = Lock()  # The wheel of PostgreSQL starts one at a time in a process.
SMALL = {"tasks": 20, "kills": 1, "period": 0, "first_tick": 60, "patience": 60}
FULL = {"tasks": 200, "kills": 5, "period": 120, "first_tick": 150, "patience": 110}


def durable_redis(environment):
    return Redis(environment, "--appendonly", "yes")


SERVERS = {
    "Redis": (durable_redis, "BROKER"),
    "PostgreSQL": (PostgreSQL, "DATABASE_URL"),
}


@contextmanager
def place(queue, patience):
    """Give one queue in a project, with a Redis or PostgreSQL of its own."""
    with trial.workspace({}, "SQLite", 60) as environment, ExitStack() as stack:
        kind, variable = SERVERS[queue["on"]]
        server = kind(environment)
        with START:
            server.start()
        stack.callback(lambda: server.stop())
        environment |= {variable: server.url}
        settings = repr(queue["settings"])
        settings = settings.replace("{socket}", str(getattr(server, "socket", "")))
        environment |= {"RECIPE_SETTINGS": settings}
        trial.Process(environment).manage("migrate", "--verbosity=0")
        run = Run(queue, environment, server, patience)
        (run.folder / "journal").touch()
        stack.callback(run.manager.kill)
        yield run


def observe(name, parts, size):
    queue = QUEUES[name]
    with place(queue, size["patience"]) as run:
        row = {"Queue": name, "Version": version(queue["distribution"])}
        for part in parts:
            row |= PARTS[part](run, size)
        pages = trial.call(run.environment, program.admin_pages, queue["package"])
    return row | {"processes": len(queue["commands"]), "admin pages": pages}


def measure(runs=None, size=FULL):
    """Observe all queues at the same time, for most of it is waiting."""
    runs = runs or {name: list(PARTS) for name in QUEUES}
    with ThreadPoolExecutor(len(QUEUES)) as pool:
        rows = pool.map(lambda name: observe(name, runs[name], size), runs)
    return {**size, "rows": list(rows)}
