"""The ways: what is started, which signal goes where, and what is unusual."""

import signal
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM

HERE = Path(__file__).parent
QCLUSTER = ["python", "manage.py", "qcluster"]
NAMED = ["python", "manage.py", "worker", "named"]
SUPERVISOR = ["supervisord", "--configuration", HERE / "supervisord.conf"]
HONCHO = ["honcho", "--procfile", HERE / "Procfile", "start"]
WEB = "web: python manage.py runserver --noreload 0"
# The first process of a container ignores a signal that it does not handle.
FIRST_PROCESS = ["sh", "-c", "trap : TERM; python manage.py qcluster"]
SHELL = ["sh", "-c", "python manage.py qcluster; exit $?"]


@dataclass
class Way:
    """`signals` go to "main", to its "group" or to "each" process, main first.

    What has not ended after `grace` seconds is killed, everything at once.
    The tasks take `seconds` each; `tasks` is how many there are, `begun` how many
    have begun when the signal is sent. `edits` change the configuration file.
    """

    name: str
    signals: list[tuple[signal.Signals, str]]
    command: list = field(default_factory=lambda: QCLUSTER)
    grace: float = 20
    settings: dict = field(default_factory=dict)
    seconds: float = 0.1
    tasks: int = 0
    begun: int = 0
    idle: bool = False
    edits: dict[str, str] = field(default_factory=dict)


SLOW = {"seconds": 60, "settings": {"timeout": 1}}
SUPERVISED = {"command": SUPERVISOR, "seconds": 0.3}
IDLE = {"tasks": 1, "seconds": 0, "idle": True}

WAYS = [
    Way("SIGTERM to main", [(SIGTERM, "main")]),
    Way("SIGTERM to main, twice", [(SIGTERM, "main"), (SIGTERM, "main")]),
    Way("SIGTERM to the group", [(SIGTERM, "group")]),
    Way("SIGTERM to the group, idle", [(SIGTERM, "group")], **IDLE),
    Way("SIGTERM to each, main first", [(SIGTERM, "each")]),
    Way("SIGTERM to each, main first, idle", [(SIGTERM, "each")], **IDLE),
    Way("SIGTERM to the group, NamedWorker", [(SIGTERM, "group")], NAMED),
    Way("supervisor, stopasgroup=true, NamedWorker", [(SIGTERM, "main")], **SUPERVISED,
        edits={"group=false": "group=true", "py qcluster": "py worker named"}),
    Way("honcho, worker alone, NamedWorker", [(SIGTERM, "main")], HONCHO,
        edits={WEB: "", "py qcluster": "py worker named"}),
    Way("SIGINT to main", [(SIGINT, "main")]),
    Way("Ctrl-C: SIGINT to the group", [(SIGINT, "group")]),
    Way("Ctrl-C, twice", [(SIGINT, "group"), (SIGINT, "group")]),
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
    Way("honcho, worker alone", [(SIGTERM, "main")], HONCHO,
        edits={WEB: ""}),
    Way("Tasks time out, memory full", [(SIGTERM, "main")], tasks=10, begun=3, **SLOW),
    Way("Tasks time out, memory not full", [(SIGTERM, "main")], tasks=4, begun=2,
        **SLOW),
]  # fmt: skip
