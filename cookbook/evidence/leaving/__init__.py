"""Move to another queue and back while a site sends tasks and workers are killed.

The small size: two of five steps, with both workers killed once.

>>> from cookbook.evidence.leaving import measure
>>> for row in measure(["Celery", "Procrastinate"], tasks=20, steps=2, runs=20)["rows"]:
...     print(row["lost"], row["ended twice"], row["rolled back, but ran"])
0 0 0
0 0 0

Needs: celery[redis], procrastinate[django].
"""

import runpy
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cookbook.catalogue import find
from cookbook.evidence.leaving import program
from cookbook.evidence.recipes_under_faults.servers import Redis
from cookbook.harness import trial

CLUSTER = {"name": "shop", "orm": "default", "workers": 2, "timeout": 25, "retry": 30,
           "max_attempts": 3, "save_limit": 0, "poll": 0.1}  # fmt: skip
ALL = [f"{program.HERE}.{name}" for name in ("receipt", "report", "outer", "tick")]
# What is sent to the new queue, deploy by deploy: one, all, two back, all.
STEPS = [(), ALL[:1], ALL[:3], ALL[:1], ALL[:3]]
# The recipe, its setting, and the commands of manage.py that it needs.
PEERS = {
    "Celery": (
        "leave-for-celery",
        "MOVE_TO_CELERY",
        [["worker", "celery"], ["worker", "beat"]],
    ),
    "Procrastinate": (
        "leave-for-procrastinate",
        "MOVE_TO_PROCRASTINATE",
        [["procrastinate", "worker", "--concurrency", "2"]],
    ),
}


class Move:
    """A site in the middle of a move: a cluster, a worker of the new queue, senders."""

    def __init__(self, peer, environment, settings):
        name, self.setting, [self.command, *self.others] = PEERS[peer]
        self.recipe = find(name).package
        self.environment, self.settings = environment, settings
        self.folder, self.numbers = Path(environment["WORKSPACE"]), []
        self.first = 0
        (self.folder / "journal").touch()

    def deploy(self, moved):
        """Return the environment of a deploy in which some functions have moved."""
        functions = {name: name in moved for name in ALL}
        changed = self.settings | {self.setting: functions}
        own = {"RECIPE_SETTINGS": repr(changed), "LEAVE": self.recipe}
        return self.environment | own

    def start(self, moved):
        self.cluster = trial.Cluster(self.deploy(moved)).start()
        self.worker = self.launch(moved, *self.command)

    def launch(self, moved, *command):
        process = trial.Process(self.deploy(moved), (sys.executable,))
        return process.start(trial.MANAGE, *command)

    def send(self, moved, tasks):
        first, self.first = self.first, self.first + tasks
        self.numbers += trial.call(
            self.deploy(moved), program.send, self.recipe, first, tasks, log=True
        )

    def send_with_hooks(self, first, tasks):
        self.numbers += trial.call(
            self.deploy(()), program.send_with_hooks, first, tasks, log=True
        )

    def lines(self, kind):
        """Return the first word after a kind of line of the journal, in their order."""
        lines = (self.folder / "journal").read_text().splitlines()
        return [ln.split()[1:] for ln in lines if ln.startswith(f"{kind} ")]

    def ended(self):
        return Counter(int(number) for number, _ in self.lines("end"))

    def wait(self, condition, what):
        logs = self.cluster.logfile, self.worker.logfile
        text = "\n".join(log.read_text()[-3000:] for log in logs)
        return trial.wait_until(condition, 240, lambda: f"{what}\n{text}")

    def held(self, process):
        """Return the tasks that the processes of a worker have begun."""
        begins, ends = (set(map(tuple, self.lines(k))) for k in ("begin", "end"))
        group = {str(one.pid) for one in trial.members(process.process.pid)}
        return [number for number, pid in begins - ends if pid in group]

    def kill_both(self, moved):
        """Kill every process of both workers in the middle of tasks; start others."""
        killed = 0
        for process in (self.cluster, self.worker):
            killed += len(self.wait(lambda p=process: self.held(p), "nothing to kill"))
            process.kill()
        (self.folder / "hold").unlink()
        self.start(moved)
        return killed

    def missing(self):
        return set(self.numbers) - self.ended().keys()

    def finish(self):
        """Wait until all has run, and stop everything as a deploy does."""
        self.wait(lambda: not self.missing(), "some tasks never ended")
        self.wait(lambda: not trial.call(self.deploy(()), program.waiting), "not empty")
        for process in (self.cluster, self.worker):
            process.stop(60)


@contextmanager
def place(peer):
    """Give a site on PostgreSQL, and a Redis for Celery, with the recipe's settings."""
    settings = {"Q_CLUSTER": CLUSTER}
    for file in find(PEERS[peer][0]).path.glob("*settings.py"):
        values = runpy.run_path(file)
        settings = {k: v for k, v in values.items() if k.isupper()} | settings
    settings.pop("DATABASES", None)
    with trial.workspace(settings, "PostgreSQL") as environment, ExitStack() as stack:
        if peer == "Celery":
            redis = Redis(environment, "--appendonly", "yes")
            redis.start()
            stack.callback(redis.stop)
            settings["PRODUCTION_PROCESSES"]["celery"]["ARGS"]["concurrency"] = "2"
            settings |= {
                "CELERY_BROKER_URL": f"redis+socket://{redis.socket}",
                "CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 30},
                "CELERY_BEAT_SCHEDULE": {
                    "due": {"task": "fire_due_schedules", "schedule": 0.5},
                },
            }
        site = Move(peer, environment, settings)
        trial.Process(site.deploy(())).manage("migrate", "--verbosity=0")
        yield site


def move(peer, tasks, steps, runs):
    """Deploy step by step; in each, the deploy before still sends half of the tasks."""
    with place(peer) as site:
        site.start(())
        site.send_with_hooks(50_000, tasks // 8)
        killed, before = 0, ()
        for step, moved in enumerate(STEPS[:steps]):
            if step:
                (site.folder / "hold").touch()
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(site.send, (before, moved), (tasks // 2, tasks // 2)))
            killed += site.kill_both(moved) if step else 0
            before = moved
        site.send_with_hooks(60_000, tasks // 8)
        site.finish()
        begins = Counter(int(number) for number, _ in site.lines("begin"))
        ended = site.ended()
        row = {
            "Queue": peer,
            "tasks": len(site.numbers),
            "kills": 2 * (steps - 1),
            "cut off": killed,
            "lost": len(site.missing()),
            "begun twice": sum(count > 1 for count in begins.values()),
            "ended twice": sum(count > 1 for count in ended.values()),
            "rolled back, but ran": len(ended.keys() - set(site.numbers)),
        }
        return row | schedules(site, runs)


def schedules(site, runs):
    """Move a schedule to and fro while both queues look for what is due."""
    site.start(())
    others = [site.launch((), *command) for command in site.others]
    deploy = site.deploy(())
    pk, begin = trial.call(deploy, program.plan, runs)
    with ThreadPoolExecutor(3) as pool:
        looks = pool.submit(trial.call, deploy, program.look, log=True)
        fires = pool.submit(trial.call, deploy, program.fire, site.recipe)
        swings = pool.submit(trial.call, deploy, program.swing, site.recipe, pk)
    assert (looks.result(), fires.result()) > (-1, -1)  # Each has done its part.
    begin = datetime.fromisoformat(begin)
    dates = {(begin + timedelta(minutes=n)).isoformat() for n in range(runs + 1)}
    site.wait(lambda: dates <= {date for date, _ in site.lines("tick")}, "left out")
    group = {str(one.pid) for one in trial.members(site.worker.process.pid)}
    site.finish()
    for process in others:
        process.stop(60)
    ticks = Counter(date for date, _ in site.lines("tick"))
    return {
        "runs": len(dates),
        "moves": swings.result(),
        "by the new queue": sum(pid in group for _, pid in site.lines("tick")),
        "left out": len(dates - ticks.keys()),
        "twice": sum(count > 1 for count in ticks.values()),
    }


def measure(peers=tuple(PEERS), tasks=60, steps=5, runs=200):
    """Move to all peers at the same time, because most of it is waiting."""
    with ThreadPoolExecutor(len(peers)) as pool:
        rows = list(pool.map(lambda peer: move(peer, tasks, steps, runs), peers))
    return {"steps": steps, "runs": runs, "rows": rows}
