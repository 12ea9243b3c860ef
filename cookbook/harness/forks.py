"""Python processes that begin as forks of one process, which has imported Django.

Half of the work of a run would be Python importing the same modules again. So the
first `start` starts a fork server, which imports what every project imports, but no
settings and no line of a project. Each `start` sends it a command line, an environment,
a folder and three open files; its fork becomes what `python ARGUMENTS` would be, and is
to its caller like a subprocess.Popen. `test_forks.py` asks both what they find.

`start` executes what would not be the same: another interpreter, an option of Python, a
module of the project in place of an imported one. What somebody types into a terminal,
and what measures start-up or memory as `env python ...`, is executed too, and with
COOKBOOK_EXEC=1 everything is. Python's own `multiprocessing.forkserver` runs functions,
not command lines.
"""

import hashlib
import marshal
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from filelock import FileLock

from cookbook.harness import forkserver

# A project that has something of these names must find its own.
NAMES = {name.partition(".")[0] for name in forkserver.HEAVY}
NAMES |= {"sitecustomize", "usercustomize"}
# Variables that are read as Python starts: each set of them has a server of its own.
EARLY = ("COVERAGE", "LANG", "LC_", "LD_", "MALLOC_", "PYTHON")


def start(command, environment, cwd=None, files=(0, 1, 2)):
    """Start a command in a session of its own; `files` are its three streams."""
    program, *arguments = command = [os.fspath(word) for word in command]
    cwd, script = Path(cwd or Path.cwd()), arguments[0]
    paths = environment.get("PYTHONPATH", "").split(os.pathsep)
    first = cwd if script in ("-c", "-m") else (cwd / script).parent
    there = {file.stem for path in {first, *paths} for file in Path(path).glob("*")}
    option = script.startswith("-") and script not in ("-c", "-m")
    if (
        program == sys.executable
        and not (option or NAMES & there)
        and "COOKBOOK_EXEC" not in os.environ
    ):
        return Fork(arguments, dict(environment), str(cwd), files)
    streams = dict(zip(("stdin", "stdout", "stderr"), files, strict=True))
    return subprocess.Popen(
        command, env=environment, cwd=cwd, start_new_session=True, **streams
    )


def output(command, environment, cwd=None, seconds=None, errors=None):
    """Run a command; return its exit code and all that it printed.

    `errors` is the file that takes its standard error instead. Raises TimeoutExpired
    after `seconds`.
    """
    with TemporaryFile("w+") as file:
        printed = file.fileno()
        files = (0, printed, printed if errors is None else errors)
        process = start(command, environment, cwd, files)
        try:
            code = process.wait(seconds)
        finally:
            process.send_signal(signal.SIGKILL)
        file.seek(0)
        return code, file.read()


class Fork:
    """A process that runs `python ARGUMENTS`; its parent is the fork server."""

    def __init__(self, arguments, environment, cwd, files):
        self.args, self.returncode = [sys.executable, *arguments], None
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.server.connect(address(environment))
        task = marshal.dumps((arguments, environment, cwd))
        socket.send_fds(self.server, [task], files)
        self.pid = int(self.server.recv(forkserver.PACKET))

    def wait(self, timeout=None):
        if self.returncode is None:
            if not select.select([self.server], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout)
            self.returncode = int(self.server.recv(forkserver.PACKET))
            self.server.close()
        return self.returncode

    def poll(self):
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)


def address(environment):
    """Return where the server for an environment listens; start it where none does."""
    early = {k: environment[k] for k in sorted(environment) if k.startswith(EARLY)}
    early.pop("PYTHONPATH", None)  # Each fork has its own.
    name = hashlib.sha256(repr(early).encode()).hexdigest()[:8]
    place = Path(os.environ["COOKBOOK_RUN"], f"forks-{name}")
    with FileLock(f"{place}.lock"):
        if not place.exists():
            server = subprocess.Popen(
                [sys.executable, forkserver.__file__, place],
                env=early | {key: os.environ[key] for key in ("COOKBOOK_RUN", "PATH")},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
            server.stdout.readline()
            server.returncode = 0  # Nobody waits for it: it ends with the run.
    return str(place)
