"""The ways to stop a cluster: what is started, and which process gets which signal."""

import signal
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM

from .managers import (
    DEPLOY,
    PROCFILES,
    compose,
    crontab,
    dyno,
    kubernetes,
    systemd,
)

HERE = Path(__file__).parent
QCLUSTER = ["python", "manage.py", "qcluster"]
NAMED = ["python", "manage.py", "worker", "shop"]
SUPERVISOR = ["supervisord", "--configuration", HERE / "supervisord.conf"]
HONCHO = ["honcho", "--procfile", HERE / "Procfile", "start"]
WEB = "web: python manage.py runserver --noreload 0"
# The first process of a container ignores a signal that it does not handle.
FIRST_PROCESS = ["sh", "-c", "trap : TERM; python manage.py qcluster"]
SHELL = ["sh", "-c", "python manage.py qcluster; exit $?"]


@dataclass
class Way:
    """One row of the table.

    `signals` go to "main", to its "group", to "each" process, main first, or to a
    program by its name; a second one follows when the cluster logs `stopping.`.
    What has not ended after `grace` seconds is killed, everything at once.
    Where it is `contained`, what outlives the main process is killed too: at once,
    or after those seconds where the manager waits for the `whole` of it.
    The tasks take `seconds` each; `tasks` is their number, `begun` the number that
    has begun when the signal is sent. `edits` change the configuration file.
    `times` is the number of clusters for each broker; 0 is what `measure` says.
    """

    name: str
    signals: list[tuple[signal.Signals, str]]
    command: list = field(default_factory=lambda: QCLUSTER)
    grace: float = 20
    contained: bool = False
    whole: bool = False
    settings: dict = field(default_factory=dict)
    seconds: float = 0.1
    tasks: int = 0
    begun: int = 0
    idle: bool = False
    edits: dict[str, str] = field(default_factory=dict)
    times: int = 0


SLOW = {"seconds": 60, "settings": {"timeout": 1}}
SUPERVISED = {"command": SUPERVISOR, "seconds": 0.3}
IDLE = {"tasks": 1, "seconds": 0, "idle": True}
LONG = {"begun": 2, "settings": {"timeout": 60}}
TWENTY = {"TimeoutStopSec=100": "TimeoutStopSec=20"}
CONTROL_GROUP = {"KillMode=mixed": "KillMode=control-group"} | TWENTY

WAYS = [
    Way("SIGTERM to main", [(SIGTERM, "main")]),
    Way("SIGTERM to main, twice", [(SIGTERM, "main")] * 2, times=5),
    Way("SIGTERM to the group", [(SIGTERM, "group")]),
    Way("SIGTERM to the group, idle", [(SIGTERM, "group")], **IDLE),
    Way("SIGTERM to each, main first", [(SIGTERM, "each")]),
    Way("SIGTERM to each, main first, idle", [(SIGTERM, "each")], **IDLE),
    Way("SIGTERM to the group, NamedWorker", [(SIGTERM, "group")], NAMED),
    Way("supervisor, stopasgroup=true, NamedWorker", [(SIGTERM, "main")], **SUPERVISED,
        edits={"group=false": "group=true", "py qcluster": "py worker shop"}),
    Way("honcho, worker alone, NamedWorker", [(SIGTERM, "main")], HONCHO,
        edits={WEB: "", "py qcluster": "py worker shop"}),
    Way("SIGINT to main", [(SIGINT, "main")]),
    Way("Ctrl-C: SIGINT to the group", [(SIGINT, "group")]),
    Way("Ctrl-C, twice", [(SIGINT, "group")] * 2, times=5),
    Way("SIGQUIT to main", [(SIGQUIT, "main")]),
    Way("Terminal closed: SIGHUP to the group", [(SIGHUP, "group")]),
    Way("SIGKILL to main", [(SIGKILL, "main")]),
    Way("SIGKILL to the group", [(SIGKILL, "group")]),
    Way("SIGTERM to main, grace 0.1 s", [(SIGTERM, "main")], grace=0.1),
    Way("sh -c in a container, grace 5 s", [(SIGTERM, "main")], FIRST_PROCESS, grace=5),
    Way("sh -c, no container", [(SIGTERM, "main")], SHELL),
    Way("supervisor", [(SIGTERM, "main")], **SUPERVISED),
    Way("supervisor, stopasgroup=true", [(SIGTERM, "main")], **SUPERVISED,
        edits={"stopasgroup=false": "stopasgroup=true", "secs=60": "secs=10"}),
    Way("supervisor, stopwaitsecs=0", [(SIGTERM, "main")], **SUPERVISED,
        edits={"secs=60": "secs=0"}),
    Way("honcho, web and worker", [(SIGTERM, "main")], HONCHO),
    Way("honcho, web and worker, NamedWorker", [(SIGTERM, "main")], HONCHO,
        edits={"py qcluster": "py worker shop"}),
    Way("honcho, web and worker, NamedWorker, tasks of 7 s", [(SIGTERM, "main")],
        HONCHO, edits={"py qcluster": "py worker shop"}, seconds=7, **LONG),
    Way("honcho, worker alone", [(SIGTERM, "main")], HONCHO,
        edits={WEB: ""}),
    Way("systemd, KillMode=mixed", **systemd()),
    Way("systemd, KillMode=mixed, TimeoutStopSec=5, tasks of 7 s",
        **systemd({"TimeoutStopSec=100": "TimeoutStopSec=5"}), seconds=7, **LONG),
    Way("systemd, KillMode=control-group", **systemd(CONTROL_GROUP)),
    Way("systemd, KillMode=control-group, NamedWorker",
        **systemd(CONTROL_GROUP | {"py qcluster": "py worker shop"})),
    Way("Docker Compose, init: true", **compose()),
    Way("Docker Compose, no stop_grace_period, tasks of 12 s",
        **compose({"stop_grace_period: 100s": ""}), seconds=12, **LONG),
    Way("Kubernetes", **kubernetes()),
    Way("Dyno, qcluster", **dyno(PROCFILES / "Procfile.plain")),
    Way("Dyno, NamedWorker", **dyno(DEPLOY / "procfile/Procfile")),
    Way("cron, timeout --foreground", **crontab(0, "timeout")),
    Way("cron, timeout", **crontab(0, "timeout", {" --foreground": ""})),
    Way("cron, qcluster under flock", **crontab(1, "main")),
    Way("Tasks time out, memory full", [(SIGTERM, "main")], tasks=10, begun=3, **SLOW),
    Way("Tasks time out, memory not full", [(SIGTERM, "main")], tasks=4, begun=2,
        **SLOW),
]  # fmt: skip
