"""What each rule of qdoctor says.

Each rule for settings finds its mistake, and nothing in the fixed settings:

>>> from cookbook.evidence.qdoctor import settings_table
>>> print(settings_table())
| Rule | For example |
| --- | --- |
| `E001` | Q_CLUSTER is a list |
| `W002` | 'max_attempt' is not a key of Q_CLUSTER and is ignored |
| `E003` | timeout is 1.5, a float |
| `E004` | log_level is 'LOUD' |
| `W005` | no key names a broker, so it is Redis on localhost |
| `W006` | 'orm' is the broker; 'redis' is ignored |
| `E007` | redis.Redis() has no argument 'hosts' |
| `E008` | orm is 'queue', which is not an alias in DATABASES |
| `E009` | Q_CLUSTER_NAME is 'reports', and Q_CLUSTER has no ALT_CLUSTERS |
| `W010` | timeout is None, so a task that hangs keeps its worker |
| `W011` | retry (60) is not above timeout (90): a running task runs again |
| `W012` | retry is 90, and a task may end 420 s after it was fetched |
| `W013` | ack_failures ends a failed task after 1 attempt; max_attempts is 3 |
| `W014` | max_attempts is 3, and the Redis broker never delivers a task again |
| `I015` | the cluster reports to LocMemCache, so qmonitor and qinfo show no cluster |
| `W016` | cache is 'queue', which is not an alias in CACHES |
| `W017` | timeout is 0, so the worker of a task is killed after about 3 seconds |
| `W018` | cached sends results to LocMemCache, where no other process finds them |
| `W019` | Q_CLUSTER_NAME is 'report', which ALT_CLUSTERS does not name |
| `W020` | SQLite transactions begin without the write lock |
| `I021` | no init_command switches SQLite to WAL |
| `I022` | 16 workers share one SQLite file; up to 4 were tested |
| `W023` | guard_cycle is 0, so the scheduler is never called |
| `W024` | guard_cycle is 10: between its heartbeats the cluster looks dead |
| `W025` | sync is on, so every request waits for its tasks |
| `W026` | DEBUG is on, so each worker remembers its last 9,000 queries |
| `W027` | LOGGING names the logger 'django_q', to which nothing is logged |
| `W028` | save_limit is 10000: each result reads as many rows |
| `W029` | guard_cycle is 0.3, which skips 0: a task that hangs may never be killed |
| `W030` | compress is 'False', a string, so it is on |
| `W031` | time_zone is 'Mars', which is no time zone |
| `I032` | a kill loses up to 503 fetched tasks, because Redis forgets them |
| `I033` | a task that fails runs again every 60 s, without an end |
| `W034` | as long: retry (600) is not above timeout (3600): a running task runs again |
| `I035` | 'name' in ALT_CLUSTERS['mail'] is ignored |
| `E036` | django_redis is 'default', a cache of Django and not of django-redis |
| `W037` | no reporter named 'sentry' is installed, so none reports |
| `E038` | the broker needs boto3, which is not installed |
| `W039` | recycle is '500', so no worker is ever recycled |
"""

import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import connection
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task, result

from cookbook.harness.trial import table, without_cluster
from cookbook.qdoctor.cases import CASES
from cookbook.qdoctor.live import look
from cookbook.qdoctor.project import diagnose, examine

HEADS = ("Rule", "For example")
HOUR = timedelta(hours=1)
GIVEN = {"Q_CLUSTER": {"orm": "default", "workers": 1, "timeout": 1}}


def settings_table():
    """Return what each rule says of settings with its mistake."""
    rows = {}
    for rule, (broken, fixed) in CASES.items():
        assert rule not in str(diagnose(fixed)), f"{rule} finds a mistake in {fixed}"
        [message, *_] = [f["message"] for f in diagnose(broken) if rule in f["id"]]
        rows[f"`{rule}`"] = message
    return table(rows, HEADS)


def live_table():
    """Return what each rule for what runs says of a project with all mistakes.

    >>> from cookbook.evidence.qdoctor import live_table
    >>> print(live_table())
    | Rule | For example |
    | --- | --- |
    | `E000` | no_such_settings cannot be imported: ModuleNotFoundError: ... |
    | `E040` | the broker does not answer: ModuleNotFoundError: No module named 'no' |
    | `W041` | the journal mode of 'default' is delete |
    | `W042` | queue 'reports' has 1 task waiting, and no cluster fetches any |
    | `W043` | queue 'mail' has 1 task locked for longer than retry |
    | `E044` | the args of schedule 'one' stop the scheduler: 4, name |
    | `E045` | the function of schedule 'two' cannot be imported: shop.tasks.send |
    | `W046` | schedule 'three' is overdue, so no cluster runs it |
    | `E047` | 2 schedules of the type Cron, but no croniter |
    | `E050` | schedule 'five' has no next run with the cron 61 * * * *: ... |
    | `W051` | the hook of schedule 'six' cannot be imported: shop.tasks.hook |
    | `W052` | the arguments of schedule 'six' do not fit: ... |
    | `I053` | schedule 'six' has no minutes, so it runs every minute |
    | `I054` | 2 schedules are named 'six' |
    | `W055` | kwargs of schedule 'six' are left out: a=b |
    | `W056` | schedule 'seven' calls asyncio.sleep, whose result cannot be pickled |
    | `W048` | Procfile runs `qinfo --config`, which prints SECRET_KEY |
    | `E049` | A schedule of which no task can be made: could not be ... |
    """
    return table(without_cluster(mistakes), HEADS)


def mistakes():
    """Make each mistake, and return what is found."""
    options = {"init_command": "PRAGMA journal_mode=DELETE"}
    connection.settings_dict["OPTIONS"] = options
    connection.close()
    now = timezone.now()
    for queue, lock in (("reports", now - HOUR), ("mail", now + HOUR)):
        OrmQ.objects.create(key=queue, payload="", lock=lock)
    Schedule.objects.bulk_create([
        Schedule(name="one", func="math.sqrt", args="4, name", next_run=now + HOUR),
        Schedule(name="two", func="shop.tasks.send", next_run=now + HOUR),
        Schedule(name="three", func="math.sqrt", args="4", next_run=now - HOUR),
        Schedule(name="four", func="time.time", next_run=now + HOUR,
                 schedule_type=Schedule.CRON, cron="0 8 * * 1"),
        Schedule(name="five", func="time.time", next_run=now + HOUR,
                 schedule_type=Schedule.CRON, cron="61 * * * *"),
        Schedule(name="six", func="math.sqrt", args="4", next_run=now + HOUR,
                 hook="shop.tasks.hook", schedule_type=Schedule.MINUTES),
        Schedule(name="six", func="math.pow", args="4", kwargs="a=b",
                 next_run=now + HOUR),
        Schedule(name="seven", func="asyncio.sleep", args="1", next_run=now + HOUR),
    ])  # fmt: skip
    project = Path(os.environ["WORKSPACE"], "project")
    project.mkdir()
    (project / "Procfile").write_text("info: ./manage.py qinfo --config\n")
    with patch.dict("sys.modules", croniter=None):
        findings = look(GIVEN | {"BASE_DIR": project})
    with patch.object(Conf, "BROKER_CLASS", "no.Broker"):
        findings = look(GIVEN | {"BASE_DIR": project})[:1] + findings
    with patch.object(Schedule, "objects", None):
        findings += [
            f for f in look(GIVEN | {"BASE_DIR": project}) if "E049" in f["id"]
        ]
    findings = [*examine("no_such_settings"), *findings]
    return {f"`{one['id'][-4:]}`": one["message"] for one in findings}


def beside_a_cluster():
    """Return what the rules find while a cluster works, and of a queue without one.

    >>> from cookbook.evidence.qdoctor import beside_a_cluster
    >>> from cookbook.harness.trial import observe
    >>> observe(beside_a_cluster)
    [[], ["queue 'reports' has 1 task waiting, and no cluster fetches any"]]
    >>> observe(beside_a_cluster, on="PostgreSQL")
    [[], ["queue 'reports' has 1 task waiting, and no cluster fetches any"]]
    """
    result(async_task("math.sqrt", 4), wait=60_000)
    settings = GIVEN | {"BASE_DIR": os.environ["WORKSPACE"]}
    silent = look(settings)
    lock = timezone.now() - HOUR
    OrmQ.objects.create(key="reports", payload="", lock=lock)
    return [silent, [finding["message"] for finding in look(settings)]]
