"""Ask the parts of the recipes, in a project that has all of them."""

import json
import os
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import timedelta
from importlib import import_module
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cookbook.harness.trial import Q_CLUSTER, Process, call, workspace

from .parts import apps

WORKER = "cookbook.backend.named_worker.workers.NamedWorker"
KEYS = Q_CLUSTER | {
    "timeout": 60,
    "retry": 300,
    "ALT_CLUSTERS": {"reports": {}},
    # A cluster whose only worker is recycled as it is told to stop never ends.
    "recycle": 100_000,
}
SETTINGS = {
    "INSTALLED_APPS": apps(),
    "Q_CLUSTER": KEYS,
    "PRODUCTION_PROCESSES": {
        "worker": {"BACKEND": WORKER},
        "reports": {"BACKEND": WORKER, "ARGS": {"name": "reports"}},
    },
}
AUDIT = "admin:audit_trail_entry_changelist"
DASHBOARD = "admin:health_dashboard_health_changelist"
FAILURES = "admin:django_q_failure_changelist"
METRICS = "django-q-metrics"
REDIS = {"orm": None, "redis": "redis://localhost:6379/0"}
# The server of the queue, the database of the results, and what Q_CLUSTER changes.
SERVERS = {
    "SQLite": ("SQLite", {}),
    "PostgreSQL": ("PostgreSQL", {}),
    "Redis": ("SQLite", REDIS),
}


def project_on(server):
    """Give a project whose queue is on this server."""
    database, keys = SERVERS[server]
    return workspace(SETTINGS | {"Q_CLUSTER": KEYS | keys}, database)


def cluster(project, name="worker"):
    """Start a cluster with all receivers, as the process `worker NAME`."""
    return Process(project).start("worker", name).wait(60)


def ask(project, module, *columns):
    """Return what each part says in some columns of a module: `{column: {part: …}}`."""
    return call(project, judge, module, columns)


def judge(module, columns):
    findings = {}
    for column in columns:
        cells = getattr(import_module(module), column)
        findings[column] = {part: str(cell()) for part, cell in cells.items()}
    return findings


def matrix(runs):
    """Return `[(server, {fault: {part: cell}})]` as a table.

    Where the servers differ, a cell says what happened on which.
    """
    findings = {}
    for server, columns in runs:
        for fault, cells in columns.items():
            for part, cell in cells.items():
                column = findings.setdefault(fault, {})
                column.setdefault(part, {}).setdefault(cell, []).append(server)
    lines = [["Part", *findings], ["---"] * (1 + len(findings))]
    for part in sorted({part for cells in findings.values() for part in cells}):
        cells = [column.get(part, {"": []}) for column in findings.values()]
        lines.append([part, *map(in_words, cells)])
    return "\n".join(
        f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in line)}|" for line in lines
    )


def in_words(reply):
    different = [f"{cell} on {', '.join(who)}" for cell, who in reply.items()]
    return "; ".join(different if len(reply) > 1 else reply)


def command(*arguments):
    """Run a command; return its exit code and what it printed."""
    out = StringIO()
    try:
        with redirect_stderr(out), redirect_stdout(out):
            call_command(*arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    except DatabaseError as error:  # On a command line: a traceback.
        return 1, str(error)
    return 0, out.getvalue()


def ends(*commands):
    """Return the exit code of each command."""
    return ", ".join(f"exit {command(*one)[0]}" for one in commands)


def refused(*commands):
    """Say whether each of these commands is refused."""
    return "refused" if all(command(*one)[0] for one in commands) else "passed"


def drained(*arguments):
    code, _ = command("qdrain", *arguments)
    return "drained" if code == 0 else "not drained"


def findings():
    """Return the names of all that `qhealth queue` finds."""
    _, printed = command("qhealth", "queue", "--wait=0", "--json")
    names = [finding["name"] for finding in json.loads(printed)["findings"]]
    return f"`{', '.join(dict.fromkeys(names))}`"


def backup(name):
    file = Path(os.environ["WORKSPACE"]) / name
    if connection.vendor != "sqlite":
        return f"kept, or {refused(['backup_sqlite', str(file)])}"
    code, _ = command("backup_sqlite", str(file))
    return "kept, or refused" if code == 0 and file.exists() else "lost"


def boss():
    users = get_user_model().objects
    return users.get_or_create(username="boss", is_staff=True, is_superuser=True)[0]


def browser():
    """Return a browser in which a superuser is signed in."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(boss())
    return client


def get(name, query="", times=1):
    """Return the status codes of a page."""
    mine = browser()
    return statuses(mine.get(reverse(name) + query) for _ in range(times))


def post(workflow="report", inputs="{}"):
    """Start a workflow."""
    data = {"workflow": workflow, "inputs": inputs}
    return browser().post(reverse("long_workflow:start"), data)


def statuses(answers):
    return ", ".join(sorted({str(answer.status_code) for answer in answers}))


@contextmanager
def clock(seconds):
    """Let the clock of this process be fast, or slow."""
    now = timezone.now
    with patch.object(timezone, "now", lambda: now() + timedelta(seconds=seconds)):
        yield
