"""Print what a Python process can be asked about itself, and then end in some way.

`python test_forks_probe.py WAY`: `test_forks.py` compares forks with executed processes
by it. Process numbers, times and memory are left out, and what is not the same in a
fork: its parent, its imported modules, and who has loaded its main module.
"""

import atexit
import gc
import json
import locale
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

UNEQUAL = {"__annotations__", "__cached__", "__loader__"}
STATUS = ("Umask", "Uid", "Gid", "Groups", "Threads", "SigP", "SigB", "SigI", "SigC",
          "ShdPnd", "Cap", "NoNewPrivs")  # fmt: skip


def facts():
    proc, main = Path("/proc/self"), sys.modules["__main__"]
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return {
        "argv": [sys.argv, sys.orig_argv, (proc / "cmdline").read_text()],
        "environ": [dict(os.environ), (proc / "environ").read_text()],
        "python": [sys.executable, sys.prefix, sys.path, str(sys.flags), str(Path())],
        "folder": str(Path.cwd()),
        "files": sorted(int(file.name) for file in (proc / "fd").iterdir())[:-1],
        "blocking": [os.get_blocking(stream.fileno()) for stream in streams],
        "streams": [
            [s.name, s.mode, s.encoding, s.errors, s.isatty(), s.closed,
             s.line_buffering, s.write_through, type(s.buffer).__name__]
            for s in streams
        ],
        "signals": [
            getattr(handler := signal.getsignal(n), "__qualname__", str(handler))
            for n in sorted(signal.valid_signals())
        ],
        "status": [
            line
            for line in (proc / "status").read_text().splitlines()
            if line.startswith(STATUS)
        ],
        "leads": [os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid()],
        "terminal": (proc / "stat").read_text().rpartition(")")[2].split()[4],
        "alarms": [signal.getitimer(n) for n in range(3)],
        "limits": [resource.getrlimit(n) for n in range(16)],
        "nice": [os.nice(0), os.sched_getscheduler(0), sorted(os.sched_getaffinity(0))],
        "locale": [locale.setlocale(locale.LC_ALL), locale.getpreferredencoding()],
        "zone": [time.tzname, time.timezone, time.strftime("%z")],
        "threads": [thread.name for thread in threading.enumerate()],
        "process": [
            multiprocessing.current_process().name,
            multiprocessing.get_start_method(allow_none=True),
            len(multiprocessing.active_children()),
        ],
        "warnings": [str(entry) for entry in warnings.filters],
        "gc": [gc.isenabled(), gc.get_threshold(), gc.get_debug()],
        "hooks": [sys.excepthook is sys.__excepthook__, str(sys.gettrace())[:20],
                  threading.excepthook is threading.__excepthook__],
        "limits of Python": [sys.getrecursionlimit(), sys.getswitchinterval()],
        "main": sorted(vars(main).keys() - UNEQUAL),
        "file": [vars(main).get("__file__"), main.__package__, str(main.__spec__)[:40]],
        "hash": hash("a") if "PYTHONHASHSEED" in os.environ else None,
        "bytecode": [sys.dont_write_bytecode, sys.pycache_prefix],
        "imported": [
            name for name in sys.modules if name.startswith(("cookbook", "django_q"))
        ],
    }  # fmt: skip


def fail():
    try:
        raise KeyError("first")
    except KeyError as error:
        raise ValueError("second") from error


def work_on():
    """End while a thread still works, and something is to be done at the end."""
    threading.Thread(target=lambda: print(time.sleep(0.2), "thread")).start()
    atexit.register(print, "at exit")


ENDS = {
    "at once": lambda: os._exit(7),
    "by Ctrl-C": lambda: signal.raise_signal(signal.SIGINT),
    "by signal": lambda: signal.raise_signal(signal.SIGTERM),
    "import": lambda: __import__("no_such_module"),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "raise": fail,
    "syntax": lambda: exec("if:"),
    "thread": work_on,
    **{
        f"exit {value!r}": lambda value=value: sys.exit(value)
        for value in (None, 0, 3, -1, 256, True, "bad", ("a", 1))
    },
}


if __name__ == "__main__":
    print(json.dumps(facts()), flush=True)
    ENDS[sys.argv[1]]()
