"""Delete from a million results while others write, kill the deletion, and count.

The small size: 4,000 rows, and faults with fewer.

>>> from cookbook.evidence.keep_results import measure
>>> figures = measure(rows=4000, tasks=10, kills=1)
>>> for row in figures["rows"]:
...     print(row["How, on"], row["deleted"], row["wrong"])
one DELETE, SQLite 3200 0
batches, SQLite 3200 0
one DELETE, PostgreSQL 3200 0
batches, PostgreSQL 3200 0
>>> for row in figures["faults"]:
...     print(row["database"], row["wrong"], row["tasks"], row["resubmitted"])
SQLite 0 10 10
PostgreSQL 0 10 10
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import Failure, OrmQ, Task
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import own_postgresql
from cookbook.harness import trial
from cookbook.harness.forks import start
from cookbook.recipes.keep_results import tasks as recipe
from cookbook.recipes.keep_results.failures import resubmit
from cookbook.recipes.keep_results.rules import expired

CLUSTER = {
    "name": "shop", "orm": "default", "workers": 2, "timeout": 600, "retry": 601,
    "save_limit": 0,
}  # fmt: skip
NEW_ID = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "md5(random()::text || clock_timestamp()::text)",
}
COLUMNS = (
    'name, func, hook, args, kwargs, result, "group", cluster, started, stopped, '
    "success, attempt_count"
)
DAYS, FIRST = (1, 999, 8, 8, 8, 8, 8, 8, 8, 91), 1000


def fill(rows):
    """Store results, of which eight in ten are expired."""
    now = timezone.now()
    Task.objects.bulk_create(
        Task(
            id=f"{number:032}", name="old", func="shop.tasks.send", args=(number,),
            kwargs={}, result="x" * 200, group="invoices" if days == 999 else None,
            started=now, stopped=now - timedelta(days=days), success=days != 91,
        )
        for number in range(FIRST)
        for days in [DAYS[number % 10]]
    )  # fmt: skip
    copy_results(rows // FIRST - 1)


def copy_results(times):
    """Store each result again, this number of times."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO django_q_task (id, {COLUMNS}) WITH RECURSIVE series(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < %s) "
            f"SELECT {NEW_ID[connection.vendor]}, {COLUMNS} "
            "FROM django_q_task CROSS JOIN series",
            [times],
        )
        cursor.execute("ANALYZE")


def wrong():
    """Count the rows that should be gone; `old` rows that stay are counted by name."""
    return Task.objects.filter(expired(timezone.now()), name="old").count()


def stay():
    return Task.objects.filter(name="old").count()


def delete_at_once():
    return Task.objects.filter(expired(timezone.now())).delete()[0]


def delete_in_batches():
    return recipe.delete_expired()["deleted"]


def timed(delete):
    """Return the number of deleted rows, and the seconds that it took."""
    begin = time.monotonic()
    return delete(), round(time.monotonic() - begin, 1)


def save_results():
    """Save a result each 20 ms until the deletion ends: (saved, longest wait, refused).

    SQLite refuses after the 20 seconds of its `timeout`.
    """
    end, waits = Path(os.environ["WORKSPACE"], "end"), []
    now = timezone.now()
    trial.write("ready")
    while not (end.exists() and waits):
        begin = time.monotonic()
        with suppress(OperationalError):
            Task.objects.create(
                id=f"new {len(waits)}", name="new", func="f", started=now, stopped=now
            )
        waits.append(time.monotonic() - begin)
        time.sleep(0.02)
    saved = Task.objects.filter(name="new").count()
    return saved, round(max(waits), 2), len(waits) - saved


WAYS = {
    "one DELETE": delete_at_once,
    "batches": delete_in_batches,
}


def compare(way, database, rows):
    """Delete while another process saves results."""
    settings = {
        "Q_CLUSTER": CLUSTER,
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with trial.workspace(settings, database) as project, ThreadPoolExecutor() as pool:
        folder = Path(project["WORKSPACE"])
        trial.call(project, fill, rows)
        writer = pool.submit(trial.call, project, save_results)
        trial.wait_until((folder / "journal").exists, 600, lambda: "nobody writes")
        try:
            deleted, seconds = trial.call(project, timed, WAYS[way])
        finally:
            (folder / "end").touch()
        saved, longest, refused = writer.result()
        late, rest = trial.call(project, wrong), trial.call(project, stay)
    return {
        "How, on": f"{way}, {database}",
        "deleted": deleted,
        "seconds": seconds,
        "longest wait of a writer, s": longest,
        "refused": refused,
        "saved": saved,
        "wrong": late + abs(rest - rows // 5),
    }


def delete_step(seconds=2):
    """Delete for some seconds, and enqueue the next step."""
    trial.write("delete")
    if not recipe.delete_expired(seconds)["complete"]:
        async_task(delete_step)


def work(number):
    trial.write(f"work {number}")


def fail(number):
    raise ValueError(number)


def enqueue(tasks):
    for number in range(tasks):
        async_task(fail, number, ack_failure=True)
    async_task(delete_step, 0)
    for number in range(tasks):
        async_task(work, number)


def go_on():
    """Let the time of `retry` be over, as it is all that the broker knows of a clock.

    The deletion may have ended before the fault, so it is enqueued once more.
    """
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
    async_task(delete_step)


def waiting():
    return OrmQ.objects.count()


def failures():
    return Failure.objects.filter(func=f"{__name__}.fail").count()


def resubmit_all():
    return resubmit(Failure.objects.filter(func=f"{__name__}.fail"))


def arguments():
    """Return the arguments of all tasks in the queue."""
    return [row.task["args"][0] for row in OrmQ.objects.all()]


@contextmanager
def place(database):
    """Give a project; its PostgreSQL can be stopped."""
    settings = {"Q_CLUSTER": CLUSTER, "DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
    with trial.workspace(settings, database) as project, ExitStack() as stack:
        server = None
        if database == "PostgreSQL":
            server = stack.enter_context(own_postgresql(project))
        yield project, server


def disturb(database, rows, tasks, kills):
    """Kill clusters that delete, stop the database, and count."""
    with place(database) as (project, server):
        trial.call(project, fill, rows)
        trial.call(project, enqueue, tasks)
        journal = Path(project["WORKSPACE"], "journal")

        def next_step(after):
            return trial.wait_until(
                lambda: lines(journal, "delete")[after:],
                600,
                lambda: f"nothing was deleted.{cluster.advice}",
            )

        for kill in range(kills):
            cluster = trial.Cluster(project).start()
            next_step(kill)
            cluster.kill()
            trial.call(project, go_on)
        cluster = trial.Cluster(project).start()
        next_step(kills)
        if server:
            server.stop()
            end = time.monotonic() + 5
            trial.wait_until(lambda: time.monotonic() > end, 9, str)
            server.start()
            trial.call(project, go_on)
        trial.wait_until(
            lambda: trial.call(project, waiting) == 0,
            900,
            lambda: f"the queue never became empty.{cluster.advice}",
        )
        cluster.stop(seconds=600)
        report = {
            "database": database,
            "rows": rows,
            "kills": kills,
            "wrong": trial.call(project, wrong)
            + abs(trial.call(project, stay) - rows // 5),
            "tasks": len(set(lines(journal, "work"))),
        }
        return report | resubmitted(project, trial.call(project, failures))


def resubmitted(project, number):
    """Let two processes resubmit the same failures, kill one, and run it again."""
    command = trial.main(resubmit_all)
    with Path(project["WORKSPACE"], "log").open("w") as log:
        files = (0, log.fileno(), log.fileno())
        first, second = (
            start(command, project, project["WORKSPACE"], files) for _ in range(2)
        )
    trial.wait_until(
        lambda: trial.call(project, waiting), 600, lambda: "nothing was resubmitted"
    )
    first.send_signal(signal.SIGKILL)
    first.wait()
    second.wait()
    trial.call(project, resubmit_all)
    queued = trial.call(project, arguments)
    return {
        "failures": number,
        "resubmitted": len(queued) if len(set(queued)) == number else -1,
        "left": trial.call(project, failures),
    }


def lines(journal, what):
    """Return what was written after this word."""
    rows = journal.read_text().splitlines() if journal.exists() else []
    return [row.partition(" ")[2] for row in rows if row.startswith(what)]


def measure(rows=1_000_000, tasks=200, kills=4):
    """Measure both databases at the same time, and the faults beside them."""
    with ThreadPoolExecutor() as pool:
        ways = [
            pool.submit(lambda on=on: [compare(way, on, rows) for way in WAYS])
            for on in trial.DATABASES
        ]
        faults = [
            pool.submit(disturb, on, max(rows // 20, 2 * FIRST), tasks, kills)
            for on in trial.DATABASES
        ]
    return {
        "number": rows,
        "rows": [row for way in ways for row in way.result()],
        "faults": [fault.result() for fault in faults],
        "batch": recipe.BATCH,
    }
