"""Send tasks that nobody should run, kill what works on the others, and count.

The small size has SQLite, and Redis with a PostgreSQL that is stopped:

>>> from cookbook.evidence.task_guard import measure
>>> figures = measure(["SQLite", "Redis"], tasks=20, cuts=1)
>>> figures["refused"], figures["forged"]
(40, 40)
>>> figures["ran"], figures["leaks"]
(0, 0)
>>> figures["rows"][0]["valid, lost"]
0
"""

import os
import signal
import time
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import psutil
import redis
from django import forms
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule, Success, Task
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage
from django_q.tasks import async_task, result
from picklefield.fields import dbsafe_encode
from redis.exceptions import AuthenticationError, NoPermissionError

from cookbook.evidence.audit_trail import (
    BROKERS,
    OUTAGE,
    disturb,
    lines,
    project_on,
    waiting,
)
from cookbook.evidence.recipes_under_faults.trials import get
from cookbook.harness import trial
from cookbook.recipes.task_guard.guard import guard
from cookbook.recipes.task_guard.settings import LOGGING

PASSWORD = "hunter2"


class WorkForm(forms.Form):
    number = forms.IntegerField(min_value=0)
    power = forms.ChoiceField(choices=[("worker", ""), ("cluster", "")], required=False)


@guard(WorkForm)
def work(number, power):
    """Do a task; every fourth fails, with an error that says too much.

    `power` is what it kills when it runs for the first time.
    """
    trial.write(f"begin {number}")
    is_first = trial.written().count(f"begin {number}") == 1
    kill = {power: signal.SIGKILL} if is_first else {}
    time.sleep(0.2)
    os.kill(os.getpid(), kill.get("worker", 0))
    os.killpg(0, kill.get("cluster", 0))
    trial.write(f"end {number}")
    if number % 4 == 1:
        raise ConnectionError(f"https://shop:{PASSWORD}@bank.example/ does not answer")


def answer(data):
    """Return the id of the task, or the error that refuses it."""
    try:
        return work.enqueue(**data)
    except ValidationError as error:
        return error


def enqueue(tasks, cuts):
    """Enqueue valid tasks; return how many of as many others were refused.

    Each of the others goes past `enqueue`, too: its function and its arguments are in
    a package that is signed like any other.
    """
    packages, refused = [], 0
    pre_enqueue.connect(lambda task, **_: packages.append(dict(task)), weak=False)
    cut = {tasks * (n + 1) // (cuts + 1) for n in range(cuts)}
    for number in range(tasks):
        power = "cluster" if number in cut else ("worker" if number % 20 == 7 else "")
        work.enqueue(number=number, power=power)
        other = tasks + number
        strange = (
            {"number": -other}, {"number": other, "power": "all"},
            {"number": other, "hook": "os.abort"}, {"number": [other] * 10_000},
        )[number % 4]  # fmt: skip
        refused += isinstance(answer(strange), ValidationError)
        async_task(work.path, strange)
    for package in packages[::10]:  # Every tenth is valid, and delivered twice.
        get_broker().enqueue(SignedPackage.dumps(package))
    return refused


def stored():
    """Count the errors that have a reference, and the results that say too much."""
    results = [str(task.result) for task in Task.objects.all()]
    references = sum(" reference " in text for text in results)
    return references, sum(PASSWORD in text for text in results)


def count(broker, tasks, cuts):
    with project_on(broker, LOGGING=LOGGING) as (project, server):
        folder = Path(project["WORKSPACE"])
        refused = trial.call(project, enqueue, tasks, cuts)
        clusters = disturb(project, server, folder, cuts)
        references, leaks = trial.call(project, stored)
        logs = "".join(cluster.log for cluster in clusters)
        private = (folder / "private.log").read_text()
        begins, ends = lines(folder, "begin"), lines(folder, "end")
    return {
        "broker": broker,
        "valid": tasks,
        "valid, lost": len(set(range(tasks)) - set(ends)),
        "refused": refused,
        "forged": tasks,
        "forged, ran": sum(number not in range(tasks) for number in begins),
        "errors with a reference": references,
        "leaks": leaks + logs.count(PASSWORD),
        "whole errors in private.log": private.count(f"Error: https://shop:{PASSWORD}"),
    }


def measure(brokers=tuple(BROKERS), tasks=200, cuts=3):
    rows = [count(broker, tasks, cuts) for broker in brokers]
    sums = {
        name: sum(row[name] for row in rows) for name in rows[0] if name != "broker"
    }
    return {
        "tasks": tasks,
        "cuts": cuts,
        "outage": OUTAGE,
        "refused": sums["refused"],
        "forged": sums["forged"],
        "ran": sums["forged, ran"],
        "leaks": sums["leaks"],
        "rows": rows,
    }


# What a stranger can do.

CLUSTER = {"name": "shop", "workers": 1, "timeout": 60, "retry": 90, "guard_cycle": 30}
ORM = CLUSTER | {"orm": "default"}
SEALED = ORM | {"broker_class": "cookbook.recipes.task_guard.brokers.SealedORM"}
QUEUE = "django_q:shop:q"
USERS = {
    "web": ["~django_q:shop:q", "+rpush"],
    "worker": ["~django_q:*", "+@all", "-@dangerous", "+info", "+keys"],
}
TRIES = {
    "enqueue": lambda client: client.rpush(QUEUE, "a package"),
    "read the queue": lambda client: client.lrange(QUEUE, 0, -1),
    "empty the server": lambda client: client.flushall(),
}


def strangers():
    """Try what a stranger could do, and return what became of it, as a table.

    >>> from cookbook.evidence.task_guard import strangers
    >>> print(strangers())
    | A stranger who can | leaves | and then |
    | --- | --- | --- |
    | write to the queue | a pickle, signed with a guess | nothing ran |
    | write to the queue, and knows `SECRET_KEY` | a pickle, signed | code ran |
    | the same, where the broker is `SealedORM` | a pickle, signed | nothing ran |
    | the same, and staff list the queue in the admin | a pickle, signed | code ran |
    | add a schedule in the admin | a schedule of `os.mkdir` | code ran |
    | write to `django_q_task` | a pickle as the result of a failed task | code ran |
    """
    with trial.workspace({"Q_CLUSTER": ORM}) as project:
        for name, key in {"guess": "a guess", "stolen": settings.SECRET_KEY}.items():
            trial.call(project, plant_package, name, key)
        assert trial.call(project, plant_schedule) == 302
        trial.call(project, plant_result)
        with trial.Cluster(project) as cluster:
            user = psutil.Process(cluster.process.pid).username()
            trial.wait_until(
                lambda: (
                    became(project, "schedule", user) != "nothing ran"
                    and trial.call(project, waiting) == 0
                ),
                60,
                lambda: cluster.advice,
            )
        assert trial.call(project, ran_harmless)  # Nobody notices.
        before = became(project, "result", user)
        assert (before, trial.call(project, list_failures)) == ("nothing ran", "200")

        sealed = project | {
            "RECIPE_SETTINGS": repr({"Q_CLUSTER": SEALED}),
            "QUEUE_KEY": "a key that only the queue has",
        }
        trial.call(project, plant_package, "sealed", settings.SECRET_KEY)
        task = trial.call(sealed, send)
        with trial.Cluster(sealed):
            assert trial.call(project, fetch_result, task) == 2.0
        trial.call(project, plant_package, "listed", settings.SECRET_KEY)
        assert trial.call(sealed, list_queue) == "200"
        cells = [
            became(project, name, user)
            for name in ("guess", "stolen", "sealed", "listed", "schedule", "result")
        ]
    whats = {
        "write to the queue": "a pickle, signed with a guess",
        "write to the queue, and knows `SECRET_KEY`": "a pickle, signed",
        "the same, where the broker is `SealedORM`": "a pickle, signed",
        "the same, and staff list the queue in the admin": "a pickle, signed",
        "add a schedule in the admin": "a schedule of `os.mkdir`",
        "write to `django_q_task`": "a pickle as the result of a failed task",
    }
    rows = [(*what, cell) for what, cell in zip(whats.items(), cells, strict=True)]
    return markdown(("A stranger who can", "leaves", "and then"), rows)


def markdown(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


class Exploit:
    """Whoever unpickles it makes a folder. It could call any other function."""

    def __init__(self, proof):
        self.proof = proof

    def __reduce__(self):
        return os.mkdir, (self.proof,)


def proof(name):
    return Path(os.environ["WORKSPACE"], f"proof of {name}")


def plant_package(name, key):
    """Write a package into the table of the queue, signed with this key."""
    task = {
        "id": uuid4().hex, "name": name, "func": "math.sqrt", "args": (4,),
        "kwargs": {}, "started": timezone.now(), "note": Exploit(str(proof(name))),
    }  # fmt: skip
    with patch.object(Conf, "SECRET_KEY", key):
        package = SignedPackage.dumps(task)
    OrmQ.objects.create(key="shop", payload=package, lock=timezone.now())


def plant_schedule():
    """Add a schedule in the admin, as a user who may do nothing else."""
    user = User.objects.create_user("mallory", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_schedule"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    form = {
        "func": "os.mkdir", "args": repr((str(proof("schedule")),)),
        "schedule_type": Schedule.ONCE, "repeats": 1,
        "next_run_0": "2026-01-01", "next_run_1": "00:00:00",
    }  # fmt: skip
    page = client.post(reverse("admin:django_q_schedule_add"), form)
    return page.status_code


def plant_result():
    """Write a failed task into the table of the results. No key is needed."""
    # A copy would run it here.
    exploit = dbsafe_encode(Exploit(str(proof("result"))), copy=False)
    now = timezone.now()
    Task.objects.create(
        id=uuid4().hex, name="result", func="shop.send", success=False,
        started=now, stopped=now, result=exploit,
    )  # fmt: skip


def list_queue():
    """Open the list of queued tasks as a superuser; return the status."""
    return get("admin:django_q_ormq_changelist")


def list_failures():
    """Open the list of failed tasks as a superuser; return the status."""
    return get("admin:django_q_failure_changelist")


def ran_harmless():
    """Say whether the task with the stolen key is stored like any other."""
    return Success.objects.filter(name="stolen", result=2.0).exists()


def send():
    return async_task("math.sqrt", 4)


def fetch_result(task):
    return result(task, wait=60_000)


def became(project, name, user):
    """Say whether an exploit ran, as the user of the cluster."""
    folder = Path(project["WORKSPACE"], f"proof of {name}")
    ran_as = folder.owner() if folder.exists() else None
    return {None: "nothing ran", user: "code ran"}[ran_as]


def redis_users():
    """Give the web server and the cluster users of their own, and try what they can.

    >>> from cookbook.evidence.task_guard import redis_users
    >>> print(redis_users())
    | Redis user | enqueue | read the queue | empty the server |
    | --- | --- | --- | --- |
    | none | refused | refused | refused |
    | web | done | refused | refused |
    | worker | done | done | refused |
    """
    with (
        trial.redis_with_password() as server,
        trial.workspace({"Q_CLUSTER": ORM}) as project,
    ):
        place = f"{server.host}:{server.port}"
        admin = redis.Redis.from_url(f"redis://:{server.password}@{place}")
        urls = {"none": f"redis://{place}"}
        for user, rules in USERS.items():
            admin.execute_command("ACL", "SETUSER", user, "on", ">secret", *rules)
            urls[user] = f"redis://{user}:secret@{place}"
        own = {
            user: project
            | {"RECIPE_SETTINGS": repr({"Q_CLUSTER": CLUSTER | {"redis": url}})}
            for user, url in urls.items()
        }
        with trial.Cluster(own["worker"]):
            task = trial.call(own["web"], send)
            assert trial.call(project, fetch_result, task) == 2.0
        rows = [
            (user, *(attempt(do, url) for do in TRIES.values()))
            for user, url in urls.items()
        ]
    return markdown(("Redis user", *TRIES), rows)


def attempt(do, url):
    with redis.Redis.from_url(url) as client:
        try:
            do(client)
        except (AuthenticationError, NoPermissionError):
            return "refused"
        return "done"
