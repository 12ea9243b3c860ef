"""One candidate in a project: fill its queue, start it, time it, and stop it."""

import shlex
import time
from contextlib import contextmanager, suppress

import dj_database_url
import psutil
import redis
from django.core.management.color import no_style
from django.db.utils import ConnectionHandler
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from cookbook.evidence.recipes_under_faults.servers import Redis
from cookbook.evidence.speed import program
from cookbook.evidence.which_queue import Manager
from cookbook.evidence.which_queue.queues import QUEUES
from cookbook.harness import trial

LINE = len("1700000000.000000 1700000000.000000\n")
PATIENCE = 180  # Seconds that a measurement may take on a busy machine.
FRONT = 20_000  # Tasks that differ; what waits behind them are copies of the last.


@contextmanager
def place(candidate):
    """Give a candidate a project, a database and a Redis of its own."""
    with trial.workspace({}, candidate["on"], 60) as environment:
        # A rewrite of its file would happen in the middle of a run.
        keep = ("--appendonly", "yes", "--auto-aof-rewrite-percentage", "0")
        server = Redis(environment, *keep)
        server.start()
        try:
            yield Place(candidate, environment, server)
        finally:
            server.stop()


class Place:
    """A candidate whose queue is filled, and whose processes start and stop."""

    def __init__(self, candidate, environment, server):
        self.candidate, self.environment = candidate, environment
        self.module = QUEUES[candidate["queue"]]["module"]
        settings = repr(candidate["settings"]).replace("{redis}", server.url)
        settings = settings.replace("{socket}", str(server.socket))
        self.environment |= {"BROKER": server.url, "RECIPE_SETTINGS": settings}
        for app in candidate["migrate"]:
            trial.Process(self.environment).manage("migrate", app, "--verbosity=0")
        # Its socket is there a moment before it listens; a million copies take long.
        patience = Retry(ConstantBackoff(0.1), 300)
        self.redis = redis.from_url(server.url, retry=patience, socket_timeout=None)
        url = dj_database_url.parse(self.environment["DATABASE_URL"])
        self.database = ConnectionHandler({"default": url})["default"]
        self.journal = server.folder / "journal"
        words = {"manage": trial.MANAGE, "socket": server.socket}
        commands = [shlex.split(c.format(**words)) for c in candidate["commands"]]
        self.manager = Manager(commands, self.environment)
        self.waiting = self.front = 0

    def ask(self, command, **values):
        """Run SQL, or a command of Redis, and return the number that it answers."""
        if command[0] != "SQL":
            words = [str(word).format(**values) for word in command[1:]]
            return self.redis.execute_command(command[0], *words)
        with self.database.cursor() as cursor:
            cursor.execute(command[1].format(**values))
            return cursor.fetchone()[0] if cursor.description else None

    def fill(self, sender, rows):
        """Empty it, then enqueue; return how many tasks a second were enqueued."""
        self.redis.flushall()
        tables = self.candidate["empty"]
        flush = self.database.ops.sql_flush(no_style(), tables, allow_cascade=True)
        self.database.ops.execute_sql_flush(flush)
        self.front = min(rows, FRONT)
        rate = self.call(sender, self.front)
        for command, number in (
            (self.candidate["results"], self.candidate["full"]),
            (self.candidate["copy"], rows - self.front),
        ):
            if number:
                self.ask(command, rows=number)
                self.ask(["SQL", "VACUUM"])  # Else it happens in the middle of a run.
        self.waiting = rows
        return rate

    def run(self, tasks, waits):
        """Start it, and measure until so many results are stored; then `waits` waits.

        It stops cleanly, and what it does until then counts as done.
        """
        self.journal.unlink(missing_ok=True)
        before = self.stored()
        self.manager.start()
        try:
            self.poll(lambda: self.begun() >= tasks)
            self.poll(lambda: self.stored() >= before + tasks)
            seconds = time.time() - min(begin for _, begin in self.lines())
            busy = self.look(lambda process: sum(process.cpu_times()[:2]))
            sample = {
                "tasks/s": (self.stored() - before) / seconds,
                "busy": [100 * each / seconds for each in busy],
            }
            if waits:
                self.call(program.wait_for_each, waits)
                last = self.lines()[-waits:]
                sample["waits"] = [begin - start for start, begin in last]
            memory = self.look(lambda process: process.memory_full_info().pss)
            sample |= {"MB": sum(memory) / 2**20, "processes": len(memory)}
        finally:
            self.manager.stop()
            self.database.close()
        sample["twice"] = self.begun() - len({start for start, _ in self.lines()})
        self.waiting -= self.begun()
        self.front -= self.begun()
        return sample

    def call(self, function, count):
        """Call a function in a process of the project, whose log goes to a file."""
        return trial.call(self.environment, function, self.module, count, log=True)

    def look(self, what):
        """Return what is seen of each of its processes, of the oldest first."""
        every, values = trial.processes(self.environment["WORKSPACE"]), []
        for process in sorted(every, key=lambda each: (each.create_time(), each.pid)):
            with suppress(psutil.NoSuchProcess):  # RQ has one for each task.
                values.append(what(process))
        return values

    def stored(self):
        return self.ask(self.candidate["stored"])

    def begun(self):
        return self.journal.stat().st_size // LINE if self.journal.exists() else 0

    def lines(self):
        """Return when each task was sent, and when it began."""
        lines = self.journal.read_text().splitlines()
        return [tuple(map(float, line.split())) for line in lines]

    def poll(self, condition):
        """Wait for a condition, ten times as often as an experiment usually does."""
        end = time.monotonic() + PATIENCE
        while not (value := condition()):
            ended = None not in [main.poll() for main in self.manager.mains]
            if ended or time.monotonic() > end:
                why = "it has ended" if ended else f"not done in {PATIENCE} s"
                raise RuntimeError(f"{why}: {self.manager.log.read_text()[-600:]}")
            time.sleep(0.002)
        return value
