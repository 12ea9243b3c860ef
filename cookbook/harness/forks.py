"""Python processes that begin as forks of one process, which has imported Django.

Half of the work of a run would be Python importing the same modules again. So the
first `start` of a run starts a fork server, which imports what every project imports,
but no settings and no line of a project. Each `start` sends it a command line, an
environment, a folder and three open files. The server forks, and the fork becomes what
`python ARGUMENTS` would be. To its caller it is like a subprocess.Popen.

What a program can ask about itself is the same both ways; `test_forks.py` asks it.
Where it would not be, `start` executes the command: another interpreter, an option of
Python, a module of the project in place of an imported one. Nor is a fork what somebody
types into a terminal, or what an experiment on start-up or memory measures; that says
`env python ...`. With COOKBOOK_EXEC=1 in its environment, a run executes everything.

Python's own `multiprocessing.forkserver` runs functions, not command lines.
"""

import atexit
import ctypes
import gc
import hashlib
import marshal
import os
import runpy
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

# What is slow to import, as far as it needs no settings.
HEAVY = (
    "blessed", "croniter", "dj_database_url", "django.contrib.admin",
    "django.contrib.auth.apps", "django.contrib.auth.hashers",
    "django.contrib.contenttypes.apps", "django.core.cache.backends.filebased",
    "django.core.management.commands.check", "django.core.management.commands.shell",
    "django.db.backends.sqlite3.base", "django.template.backends.django", "doctest",
    "filelock", "importlib.metadata", "multiprocessing.sharedctypes", "platform",
    "prometheus_client.multiprocess", "psutil", "psycopg", "redis", "uuid",
)  # fmt: skip
OWN = {name.partition(".")[0] for name in HEAVY} | {"sitecustomize", "usercustomize"}
# Variables that are read as Python starts: each set of them has a server of its own.
EARLY = ("COVERAGE", "LANG", "LC_", "LD_", "MALLOC_", "PYTHON")
PACKET = 2**18  # More than a socket takes at once, so nothing is cut off.
PR_SET_MM, PR_SET_MM_MAP = 35, 14


def start(command, environment, cwd=None, files=(0, 1, 2)):
    """Start a command in a session of its own; `files` are its three streams."""
    program, *arguments = command = [os.fspath(word) for word in command]
    cwd, script = Path(cwd or Path.cwd()), arguments[0]
    paths = environment.get("PYTHONPATH", "").split(os.pathsep)
    first = cwd if script in ("-c", "-m") else (cwd / script).parent
    names = {file.stem for path in {first, *paths} for file in Path(path).glob("*")}
    plain = script.startswith("-") and script not in ("-c", "-m")
    if (
        program != sys.executable
        or plain
        or OWN & names
        or "COOKBOOK_EXEC" in os.environ
    ):
        streams = dict(zip(("stdin", "stdout", "stderr"), files, strict=True))
        return subprocess.Popen(
            command, env=environment, cwd=cwd, start_new_session=True, **streams
        )
    return Fork(arguments, dict(environment), str(cwd), files)


class Fork:
    """A process that runs `python ARGUMENTS`; its parent is the fork server."""

    def __init__(self, arguments, environment, cwd, files):
        self.args, self.returncode = [sys.executable, *arguments], None
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.server.connect(address(environment))
        task = marshal.dumps((arguments, environment, cwd))
        socket.send_fds(self.server, [task], files)
        self.pid = int(self.server.recv(PACKET))

    def wait(self, timeout=None):
        if self.returncode is None:
            if not select.select([self.server], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout)
            self.returncode = int(self.server.recv(PACKET))
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
    """Return where the server for an environment listens; start it if it is the first."""
    from filelock import FileLock  # A server imports it after coverage has begun.

    early = {k: environment[k] for k in sorted(environment) if k.startswith(EARLY)}
    early.pop("PYTHONPATH", None)  # Each fork has its own.
    name = hashlib.sha256(repr(early).encode()).hexdigest()[:8]
    place = Path(os.environ["COOKBOOK_RUN"], f"forks-{name}")
    with FileLock(f"{place}.lock"):
        if not place.exists():
            server = subprocess.Popen(
                [sys.executable, __file__, place],
                env=early | {key: os.environ[key] for key in ("COOKBOOK_RUN", "PATH")},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
            server.stdout.readline()
            server.returncode = 0  # Nobody waits for it: it ends with the run.
    return str(place)


def serve(place):
    """Fork for each task, and return it in the fork; say how each fork has ended.

    `sweep` kills the server. If the run itself was killed, the server sweeps.
    """
    for module in HEAVY:
        import_module(module)
    gc.freeze()  # Else each fork copies all of it when it collects.
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(place)
    listener.listen(64)
    run = os.pidfd_open(int(Path(place).with_name("owner").read_text()))
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(run, selectors.EVENT_READ)
    os.write(1, b"ready\n")
    while run not in (ready := [key.fileobj for key, _ in selector.select()]):
        for pidfd in {*ready} - {listener}:
            report(pidfd, *selector.unregister(pidfd).data)
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        packet, files, _, _ = socket.recv_fds(connection, PACKET, len("012"))
        task = marshal.loads(packet)
        if child := os.fork():
            connection.send(b"%d" % child)
            pidfd, unit = os.pidfd_open(child), task[1].get("COOKBOOK_UNIT")
            selector.register(pidfd, selectors.EVENT_READ, (child, connection, unit))
            [*map(os.close, files)]
            continue
        os.setsid()
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        return task
    sys.path.insert(0, str(Path(__file__).parents[2]))
    import_module("cookbook.harness.servers").sweep(Path(place).parent)
    os._exit(0)


def report(pidfd, child, connection, unit):
    """Say to its caller how a fork has ended, and to the run what it has cost."""
    os.close(pidfd)
    _, status, used = os.wait4(child, 0)
    with suppress(OSError), connection:  # The caller may have ended.
        connection.send(b"%d" % os.waitstatus_to_exitcode(status))
    with Path(os.environ["COOKBOOK_RUN"], f"cost-{unit}").open("a") as file:
        file.write(f"{used.ru_utime + used.ru_stime}\n")


def become(arguments, environment, cwd):
    """Make this process what `python ARGUMENTS` would be; return its program."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.orig_argv = [sys.executable, *arguments]
    name_process(sys.orig_argv, map("=".join, environment.items()))
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(line_buffering=stream.isatty())
    paths = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:] = dict.fromkeys([*(str(Path(p).absolute()) for p in paths), *sys.path])
    main = sys.modules["__main__"] = sys.modules["__mp_main__"] = type(sys)("__main__")
    vars(main)["__builtins__"] = sys.modules["builtins"]
    option, *rest = sys.argv = arguments
    if option in ("-c", "-m"):
        sys.argv = [option, *rest[1:]]
        sys.path.insert(0, "" if option == "-c" else cwd)
    if option == "-m":
        return lambda: runpy._run_module_as_main(rest[0])
    if option == "-c":
        code = compile(rest[0], "<string>", "exec")
    else:
        main.__file__ = str(Path(option).absolute())
        sys.path.insert(0, str(Path(option).resolve().parent))
        code = compile(Path(option).read_bytes(), main.__file__, "exec")
    return lambda: exec(code, vars(main))


def name_process(*texts):
    """Let /proc, and with it `ps`, show this command line and this environment."""
    texts = [b"".join(os.fsencode(word) + b"\0" for word in words) for words in texts]
    name_process.kept = [ctypes.create_string_buffer(text) for text in texts]
    ends = [
        ctypes.addressof(buffer) + end
        for buffer, text in zip(name_process.kept, texts, strict=True)
        for end in (0, len(text))
    ]
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    code, data, (heap, stack) = stat[23:25], stat[42:44], (stat[44], stat[25])
    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_void_p
    numbers = map(
        int, [*code, *data, heap, libc.sbrk(0), stack, *ends, 0, 0, 2**32 - 1]
    )
    struct_mm_map = struct.pack("12Q2I", *numbers)
    libc.prctl(PR_SET_MM, PR_SET_MM_MAP, struct_mm_map, len(struct_mm_map), 0)


def run(program):
    """Run a program and end as Python does, but without taking everything apart.

    To free what has been imported would copy the memory that all forks share.
    """
    status = 0
    try:
        program()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else end.code is not None
        if status is True:
            print(end.code, file=sys.stderr)
    except BaseException as error:
        trace = error.__traceback__.tb_next.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        status = -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if status == -signal.SIGINT:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
    os._exit(status % 256)


if __name__ == "__main__":
    del sys.path[0]
    run(become(*serve(sys.argv[1])))
