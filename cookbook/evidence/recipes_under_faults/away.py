"""Stop the server of the cache, the database or the broker while a task runs.

>>> from cookbook.evidence.recipes_under_faults.away import away
>>> print(away())
| Part | Cache dies in a task | Cache down | Database down | Broker down |
| --- | --- | --- | --- | --- |
| audit-trail: receivers | kept | | kept, ran twice | kept |
| audit-trail: views | | 200 | 500 | 200 |
| auto-scaling: process | | | runs; exit 0 | runs; exit 0 |
| batched-results: receivers | kept | | kept, ran twice | kept |
| cancel-tasks: receivers | kept | | kept, ran twice | kept |
| deploy-without-downtime: command | | exit 0 | exit 1 | exit 0 |
| docker: probe | | no restart | no restart | no restart |
| error-reports: receivers | kept | | kept, ran twice | kept |
| failed-tasks: views | | 200 | 500 | 302, kept |
| health-dashboard: views | | 200 | 500 | 200 |
| json-logs: receivers | kept | | kept, ran twice | kept |
| kubernetes: probe | | no restart | no restart | no restart |
| long-workflow: views | | 202 | 500 | 503 |
| metrics: receivers | kept | | kept, ran twice | kept |
| metrics: views | | 500 | 500 | 500 |
| move-queue: command | | | | exit 1 |
| named-worker: process | | starts | refused | refused |
| named-worker: receivers | kept | | kept, ran twice | kept |
| qdrain: command | | drained | exit 2 | exit 2 |
| qdrain: receivers | | | | kept |
| qhealth: command | | live 0, queue 1 | live 0, queue 1 | live 0, queue 1 |
| qreport: command | | exit 0 | exit 0 | exit 0 |
| roll-secret-key: command | | exit 0 | exit 1 | exit 1 |
| several-clusters: receivers | kept | | kept, ran twice | kept |
| supervisor: probe | | no restart | no restart | no restart |
| systemd: probe | | no restart | no restart | no restart |
| unique-tasks: receivers | | | | kept |
| without-daemons: command | | exit 0 | exit 1 | exit 1 |
"""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import yaml
from django.conf import settings
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ
from django_q.tasks import async_task, result

from cookbook.backend.named_worker.workers import check_broker
from cookbook.catalogue import COOKBOOK, find, merge
from cookbook.harness.trial import (
    Process,
    call,
    wait_until,
    workspace,
    write,
    written,
)

from .servers import PostgreSQL, Redis
from .trials import (
    AUDIT,
    DASHBOARD,
    FAILURES,
    METRICS,
    REDIS,
    SETTINGS,
    ask,
    browser,
    cluster,
    command,
    drained,
    ends,
    get,
    matrix,
    post,
    statuses,
)

SUPERVISOR = "cookbook.scaling.auto_scaling.supervisor"
SLEEPER = (sys.executable, "-c", "import signal; signal.pause()")
# In one cluster; some listen only where the broker is Redis.
ON_REDIS = ("qdrain", "unique-tasks")
RECEIVERS = (
    "audit-trail",
    "batched-results",
    "cancel-tasks",
    "error-reports",
    "json-logs",
    "metrics",
    "named-worker",
    "several-clusters",
    *ON_REDIS,
)


def away():
    with ThreadPoolExecutor() as at_once:  # Each waits most of the time.
        runs = [at_once.submit(f) for f in (cache_stops, database_stops, broker_stops)]
        return matrix([("", run.result()) for run in runs])


def cache_stops():
    with workspace({}) as environment:
        server = Redis(environment)
        server.start()
        backend = "django.core.cache.backends.redis.RedisCache"
        caches = {"default": {"BACKEND": backend, "LOCATION": server.url}}
        project = changed(environment, CACHES=caches)
        with cluster(project) as running:
            call(project, enqueue, str(server.pids))
            answer = call(project, stored)
            down = ask(project, __name__, "CACHE")["CACHE"] | probe(project)
            receivers = all_receivers(answer, running, without=ON_REDIS)
        server.wait()
    return {"Cache dies in a task": receivers, "Cache down": down}


def database_stops():
    with workspace({}) as environment:
        server = PostgreSQL(environment)
        server.start()
        keys = {"timeout": 4, "retry": 6}
        project = changed(environment, Q_CLUSTER=keys) | {"DATABASE_URL": server.url}
        Process(project).manage("migrate", "--verbosity=0")
        return {"Database down": stop_and_start(server, project, "DATABASE", ON_REDIS)}


def broker_stops():
    with workspace({}) as environment:
        server = Redis(environment)
        server.start()
        project = changed(environment, Q_CLUSTER=REDIS | {"redis": server.url})
        return {"Broker down": stop_and_start(server, project, "BROKER")}


def changed(environment, **settings):
    return environment | {"RECIPE_SETTINGS": repr(merge(SETTINGS, settings))}


def all_receivers(answer, running, without=()):
    dead = re.findall(r"reincarnated worker .*", running.log)
    assert not dead, dead
    return {f"{name}: receivers": answer for name in RECEIVERS if name not in without}


def stop_and_start(server, project, column, without=()):
    """Let a task stop a server, judge, start it, and see what became of the tasks."""
    with cluster(project) as running:
        call(project, enqueue, str(server.pids))
        server.wait()
        drain = Process(project).start("drain_queue", "--seconds=1")
        supervisor = Process(project, [sys.executable])
        supervisor.start("-m", SUPERVISOR, *SLEEPER)
        cells = ask(project, __name__, column)[column] | probe(project)
        wait_until(
            lambda: re.search(r"Error.*, 1 working", supervisor.log),
            30,
            lambda: supervisor.log,
        )
        cells["auto-scaling: process"] = f"runs; exit {supervisor.stop()}"
        cells["without-daemons: command"] = f"exit {drain.process.wait(60)}"
        server.start()
        answer = call(project, stored)
        cells |= all_receivers(answer, running, without)
    server.stop()
    return cells


# What the cluster does.


def enqueue(pids):
    """Enqueue a task that stops a server, and one that comes after."""
    async_task(stop_server, pids, task_name="stops")
    async_task("math.sqrt", 4, task_name="after")


def stop_server(pids):
    """A task: stop a server when it runs for the first time, then go on."""
    write("runs")
    if len(written()) == 1:
        server = psutil.Process(int(Path(pids).read_text().split()[0]))
        # PostgreSQL stops at once at SIGQUIT, and frees the memory that it shares.
        server.send_signal(signal.SIGKILL if "redis" in pids else signal.SIGQUIT)
        wait_until(lambda: not alive(server), 30, lambda: f"{server} goes on")
    return "went on"


def alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def stored():
    """Wait for the results of both tasks; say how often the first one ran."""
    assert result("stops", wait=60_000) == "went on"
    assert result("after", wait=60_000) == 2
    wait_until(lambda: not OrmQ.objects.exists(), 60, OrmQ.objects.count)
    return {1: "kept", 2: "kept, ran twice"}[len(written())]


# What the probes of the manifests do.


def docker(project):
    compose = yaml.safe_load((find("docker").path / "compose.yaml").read_text())
    return run(compose["services"]["worker"]["healthcheck"]["test"][1:], project)


def kubernetes(project):
    worker = yaml.safe_load((find("kubernetes").path / "worker.yaml").read_text())
    [container] = worker["spec"]["template"]["spec"]["containers"]
    return run(container["livenessProbe"]["exec"]["command"], project)


def systemd(project):
    unit = (find("systemd").path / "qhealth.service").read_text()
    start = re.search("^ExecStart=.*/(python .*)", unit, re.M)[1]
    after = re.search("^ExecStopPost=.*sh -c '(.*)'", unit, re.M)[1]
    status = {"EXIT_STATUS": str(run(start.split(), project))}
    restart = "systemctl() { exit 9; }; "
    return run(["sh", "-c", restart + after], project | status)


def supervisor(project):
    line = (find("deploy/supervisor").path / "crontab").read_text().split(None, 5)[5]
    probe = line[line.index("timeout") :].replace("qhealth.log", "/dev/null")
    return run(["sh", "-c", f"supervisorctl() {{ exit 9; }}; {probe}"], project)


def run(line, environment):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        line, cwd=COOKBOOK, env=environment | {"PATH": path}, capture_output=True
    ).returncode


PROBES = {
    "docker: probe": docker,
    "kubernetes: probe": kubernetes,
    "supervisor: probe": supervisor,
    "systemd: probe": systemd,
}


def probe(project):
    """Say whether each probe would let the cluster be restarted."""
    return {
        part: "restarts" if function(project) else "no restart"
        for part, function in PROBES.items()
    }


# What the other parts do.


def health():
    return ", ".join(f"{s} {command('qhealth', s)[0]}" for s in ("live", "queue"))


def ask_without_session(name):
    """Return the status code for a browser whose session cannot be read."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    return statuses([client.get(reverse(name))])


def start_worker():
    try:
        check_broker()
    except CommandError:
        return "refused"
    return "starts"


def resubmit():
    """Queue a failure again; say whether it is kept where it could not be queued."""
    now = timezone.now()
    facts = {"func": "math.sqrt", "started": now, "stopped": now, "success": False}
    failure = Failure.objects.create(id="one", name="one", args=(4,), **facts)
    chosen = {"action": "resubmit", "_selected_action": failure.pk}
    code = browser().post(reverse(FAILURES), chosen).status_code
    return f"{code}, {'kept' if Failure.objects.exists() else 'queued'}"


COMMANDS = {
    "deploy-without-downtime: command": lambda: ends(["set_up_schedules"]),
    "named-worker: process": start_worker,
    "qdrain: command": lambda: ends(["qdrain"]),
    "qhealth: command": health,
    "qreport: command": lambda: ends(["qreport"]),
    "roll-secret-key: command": lambda: ends(["resign_queue"]),
}
VIEWS = {
    "audit-trail: views": lambda: get(AUDIT),
    "failed-tasks: views": lambda: get(FAILURES),
    "health-dashboard: views": lambda: get(DASHBOARD),
    "long-workflow: views": lambda: statuses([post()]),
    "metrics: views": lambda: get(METRICS),
}
CACHE = {
    **COMMANDS,
    **VIEWS,
    "qdrain: command": lambda: drained("--seconds=60"),
    "without-daemons: command": lambda: ends(["drain_queue", "--seconds=1"]),
}
DATABASE = {
    **COMMANDS,
    "audit-trail: views": lambda: ask_without_session(AUDIT),
    "failed-tasks: views": lambda: ask_without_session(FAILURES),
    "health-dashboard: views": lambda: ask_without_session(DASHBOARD),
    "long-workflow: views": lambda: ask_without_session("long_workflow:start"),
    "metrics: views": lambda: ask_without_session(METRICS),
}
BROKER = {
    **COMMANDS,
    **VIEWS,
    "failed-tasks: views": resubmit,
    "move-queue: command": lambda: ends(
        ["move_queue", f"--to={Path(os.environ['WORKSPACE'], 'tasks')}"]
    ),
}
