"""Let two clusters run tasks under a lock, kill them, and count overlaps.

A task that is inside also locks a file with `fcntl.lockf`, which the kernel unlocks:
where that is refused, two tasks overlap.

>>> from cookbook.evidence.unique_tasks.locks import overlaps
>>> sqlite = overlaps("SQLite", tasks=30, kills=2)
>>> sqlite["ran"], sqlite["overlaps"], sqlite["free after a kill, s"] < 5
(30, 0, True)
>>> overlaps("cache.get, cache.set", tasks=30, kills=0)["ran"]
30

On PostgreSQL and Redis a task can go on after its lock has ended. It is stopped where
it calls `confirm()`:

>>> from cookbook.evidence.unique_tasks.locks import row, server_gone
>>> redis = row("Redis", tasks=20, kills=2)
>>> redis["overlaps"], redis["frozen: overlaps"], redis["stopped by confirm()"]
(0, 1, 2)
>>> server_gone("PostgreSQL", seconds=1)
(1, 1)

A task is delivered a second time while it runs, and its worker is killed. Where the
second delivery returns, the task is lost; where it fails, the task runs again:

>>> from cookbook.evidence.unique_tasks.locks import delivered_twice
>>> delivered_twice("return"), delivered_twice("fail")
(0, 1)
"""

import fcntl
import os
import signal
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.cache import cache
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults import servers
from cookbook.harness import trial
from cookbook.recipes.unique_tasks import locks, locks_redis
from cookbook.recipes.unique_tasks.locks import LockHeldError, LockLostError

from .keys import REDIS, waiting

AGE = 5  # Seconds after which a lock in Redis, or in the cache, expires.
CLUSTER = {"name": "once", "orm": "default", "workers": 2, "save_limit": -1}


@contextmanager
def get_then_set(name):
    """Do what is often advised, and does not work."""
    if cache.get(name):
        raise LockHeldError(name)
    cache.set(name, True, AGE)
    try:
        yield lambda: None
    finally:
        cache.delete(name)


def on_redis(name):
    return locks_redis.only_one(name, seconds=AGE)


# The lock, and the server that it and the queue live on.
WAYS = {
    "cache.get, cache.set": (get_then_set, None),
    "SQLite": (locks.only_one, None),
    "PostgreSQL": (locks.only_one, servers.PostgreSQL),
    "Redis": (on_redis, servers.Redis),
}


def work(way, number):
    """Come again until the lock is free, then do the work of a task."""
    while True:  # Until the cluster's `timeout`.
        try:
            with WAYS[way][0]("work") as confirm:
                return inside(confirm, number)
        except LockHeldError:
            # All that wait try again in the same moment, as tasks of one schedule do.
            time.sleep(0.01 - time.time() % 0.01)


def work_or(answer, number):
    """Do the work of a task, or return or fail where another one has the lock."""
    try:
        with locks.only_one("work") as confirm:
            inside(confirm, number)
    except LockHeldError:
        write_down("refused", number)
        if answer == "fail":
            raise


def inside(confirm, number):
    """Work, for as long as the experiment holds it; end only with the lock."""
    folder = Path(os.environ["WORKSPACE"])
    with (folder / "inside").open("a") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            write_down("overlap", number)
        write_down("began", number)
        time.sleep(0.01)
        with suppress(FileNotFoundError):  # Only one task holds; the next one ends.
            (folder / "hold").rename(folder / f"held-{os.getpid()}")
            write_down("holds", number)
            trial.wait_until(
                lambda: not (folder / f"held-{os.getpid()}").exists(),
                60,
                lambda: f"{number} was not released",
            )
        try:
            confirm()
        except LockLostError:
            write_down("lost", number)
            raise
        write_down("ended", number)


def write_down(what, number):
    trial.write(f"{what} {number} {os.getpid()} {time.monotonic()}")


def enqueue(function, argument, first, last):
    for number in range(first, last):
        async_task(function, argument, number)


class Run:
    """A project whose tasks run under a lock, and what they have written down."""

    def __init__(self, way, project, server):
        self.way, self.project, self.server = way, project, server
        self.folder = Path(project["WORKSPACE"])
        self.tasks = 0

    def lines(self):
        journal = self.folder / "journal"
        lines = journal.read_text().splitlines() if journal.exists() else []
        return [
            (what, int(number), int(pid), float(when))
            for what, number, pid, when in map(str.split, lines)
        ]

    def count(self, what):
        return sum(line[0] == what for line in self.lines())

    def wait(self, condition):
        return trial.wait_until(condition, 90, self.lines)

    def enqueue(self, tasks):
        first, self.tasks = self.tasks, self.tasks + tasks
        trial.call(self.project, enqueue, work, self.way, first, self.tasks)

    def hold(self):
        """Return the pid of a worker that has the lock and does not end its task."""
        before = self.count("holds")
        (self.folder / "hold").touch()
        self.wait(lambda: self.count("holds") > before)
        return [pid for what, _, pid, _ in self.lines() if what == "holds"][-1]

    def release(self, pid):
        (self.folder / f"held-{pid}").unlink()


@contextmanager
def prepared(way, timeout, retry):
    """Give a project whose queue and lock are on a server of its own."""
    keys = CLUSTER | {"timeout": timeout, "retry": retry}
    with trial.workspace({}) as project:
        kind = WAYS[way][1]
        server = kind and kind(project)
        if kind:
            server.start()
        if kind is servers.Redis:
            keys |= REDIS | {"redis": server.url}
        if kind is servers.PostgreSQL:
            project |= {"DATABASE_URL": server.url}
        project |= {"RECIPE_SETTINGS": repr({"Q_CLUSTER": keys})}
        if kind is servers.PostgreSQL:
            trial.Process(project).manage("migrate", "--verbosity=0")
        yield Run(way, project, server)
        if kind:
            server.stop()


def overlaps(way, tasks, kills):
    """Run tasks on two clusters, kill workers and clusters that have the lock."""
    free = [0]
    with prepared(way, timeout=20, retry=22) as run:
        run.enqueue(tasks)
        clusters = [trial.Cluster(run.project).start() for _ in range(2)]
        for number in range(kills):
            enough = tasks * number // (kills + 1)
            run.wait(lambda enough=enough: run.count("ended") >= enough)
            free.append(kill(run, clusters, whole=number % 2))
        run.wait(lambda: trial.call(run.project, waiting) == 0)
        for cluster in clusters:
            cluster.wait().stop()  # It ends what it has fetched.
        return {
            "ran": len({number for what, number, *_ in run.lines() if what == "ended"}),
            "overlaps": run.count("overlap"),
            "free after a kill, s": round(max(free), 2),
        }


def kill(run, clusters, whole):
    """Kill a worker that has the lock, or its cluster; return when the next begins."""
    pid = run.hold()
    mine = next(c for c in clusters if os.getpgid(pid) == c.process.pid)
    before, start = run.count("began"), time.monotonic()
    if whole:
        mine.kill()
        clusters[clusters.index(mine)] = trial.Cluster(run.project).start()
    else:
        os.kill(pid, signal.SIGKILL)
    run.wait(lambda: run.count("began") > before)
    began = [when for what, _, _, when in run.lines() if what == "began"]
    return began[before] - start


def frozen(way):
    """Stop a process that has the lock for longer than its lock may live."""

    def freeze(run, pid):
        os.kill(pid, signal.SIGSTOP)
        run.enqueue(1)
        end = time.monotonic() + AGE + 3
        run.wait(lambda: time.monotonic() > end)
        os.kill(pid, signal.SIGCONT)

    return meanwhile(way, freeze)


def server_gone(way, seconds=5):
    """Kill the server on which a lock is, and start it again."""

    def restart(run, _):
        run.server.stop()
        end = time.monotonic() + seconds
        run.wait(lambda: time.monotonic() > end)
        run.server.start()
        run.enqueue(1)
        run.wait(lambda: run.count("began") > 1)

    return meanwhile(way, restart)


def meanwhile(way, fault):
    """Let something happen to a task that has the lock, and let another one come.

    Returns how often they overlapped, and how many `confirm()` stopped.
    """
    with prepared(way, timeout=60, retry=70) as run:
        run.enqueue(1)
        cluster = trial.Cluster(run.project).start()
        pid = run.hold()
        fault(run, pid)
        run.release(pid)
        run.wait(lambda: run.count("ended") + run.count("lost") >= 2)
        cluster.stop()
        return run.count("overlap"), run.count("lost")


def delivered_twice(answer):
    """Deliver a task again while it runs, then kill its worker; return how many end."""
    with prepared("SQLite", timeout=60, retry=3) as run:
        trial.call(run.project, enqueue, work_or, answer, 0, 1)
        with trial.Cluster(run.project) as cluster:
            pid = run.hold()
            run.wait(lambda: run.count("refused"))
            if answer == "return":  # Its result has ended the task.
                run.wait(lambda: trial.call(run.project, waiting) == 0)
            os.kill(pid, signal.SIGKILL)
            run.wait(lambda: trial.call(run.project, waiting) == 0)
            run.wait(lambda: "after death" in cluster.log)
        return run.count("ended")


def row(way, tasks, kills):
    """Return what became of one lock."""
    cold = frozen(way)
    gone = server_gone(way) if WAYS[way][1] else ("", 0)
    return {
        "lock": way,
        **overlaps(way, tasks, kills),
        "frozen: overlaps": cold[0],
        "server gone: overlaps": gone[0],
        "stopped by confirm()": cold[1] + gone[1],
    }
