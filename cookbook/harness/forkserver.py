"""The process of which the others are forks: `python forkserver.py SOCKET`.

It waits for tasks from `forks.py`. Nothing of the cookbook is imported here, because
its forks have to import that themselves.
"""

import atexit
import ctypes
import gc
import marshal
import os
import runpy
import selectors
import signal
import socket
import struct
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
PACKET = 2**18  # More than a socket takes at once, so nothing is cut off.
PR_SET_MM, PR_SET_MM_MAP = 35, 14
KEPT = []  # What a fork must not free.


def serve(place):
    """Fork for each task, and return it in the fork; say how each fork has ended.

    `sweep` kills the server. If the run itself was killed, the server sweeps.
    """
    for module in HEAVY:
        import_module(module)
    # On Python 3.13, doctest imports readline, which handles this one.
    signal.signal(signal.SIGWINCH, signal.SIG_DFL)
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
        if not packet:  # Its caller was killed meanwhile.
            continue
        task = marshal.loads(packet)
        if child := os.fork():
            pidfd, unit = os.pidfd_open(child), task[1].get("COOKBOOK_UNIT")
            selector.register(pidfd, selectors.EVENT_READ, (child, connection, unit))
            [*map(os.close, files)]
            continue
        os.setsid()
        with suppress(OSError):
            connection.send(b"%d" % os.getpid())  # Now its caller may kill its group.
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        KEPT.append((listener, selector, connection))  # Else they are closed again.
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
        return lambda: exec(compile(rest[0], "<string>", "exec"), vars(main))
    main.__file__ = str(Path(option).absolute())
    sys.path.insert(0, str(Path(option).resolve().parent))
    text = Path(option).read_bytes()
    return lambda: exec(compile(text, main.__file__, "exec"), vars(main))


def name_process(*texts):
    """Let /proc, and with it `ps`, show this command line and this environment."""
    texts = [b"".join(os.fsencode(word) + b"\0" for word in words) for words in texts]
    KEPT.append(buffers := [ctypes.create_string_buffer(text) for text in texts])
    ends = [
        ctypes.addressof(buffer) + end
        for buffer, text in zip(buffers, texts, strict=True)
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
        status = end.code or 0
        if not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException as error:
        trace = error.__traceback__.tb_next.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        status = -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    threading._shutdown()
    leave(status)


def leave(status):
    """Do what Python does at last. The first line also ends coverage of a fork."""
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
