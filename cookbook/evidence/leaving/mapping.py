"""Each word of Django-Q2, and its word in Celery and in Procrastinate.

The left column comes from the installed Django-Q2; a word that nobody has described is
an error, and so is one that is gone:

>>> from cookbook.evidence.leaving.mapping import KINDS, words
>>> {kind: len(words(kind)) for kind in KINDS}
{'Call': 14, 'Function': 21, 'Schedule': 24, 'Key': 37, 'Signal': 5, 'Rest': 13}

>>> words("Signal", KINDS["Signal"].replace("pre_enqueue", "pre_send"))
Traceback (most recent call last):
    ...
AssertionError: Signal: describe, or remove, ['pre_enqueue', 'pre_send']
"""

import pkgutil

from django.contrib.admin import site
from django.dispatch import Signal
from django_q import brokers, signals, tasks
from django_q.management import commands
from django_q.models import Schedule

from cookbook.reference.tasks import options
from cookbook.site.figures import table
from cookbook.upstream import settings

PEERS = ("Celery", "Procrastinate")
# What a call may say; one line is `word | Celery | Procrastinate`.
CALL = """
ack_failure | `acks_on_failure_or_timeout`, on by default | none: a job that failed stays as `failed`
broker | `connection=` | none: the database
cached | `result_expires` for all, with a result backend | none: write to Django's cache
chain | `chain(a.si(), b.si())` | none: a step sends the next one
cluster | `queue=` | `queue=`
group | `group()`, an id in a header, or a field of your model | none: a field of your model
hook | `link=`, `link_error=`: they get the result, not a `Task` | none: the last line of the function
iter_cached | none: the result of a `group` | none
iter_count | none: the length of a `group` | none
q_options | options of `apply_async()` | options of `configure()`
save | `ignore_result=` | none: results are never saved
sync | `task.apply()`, `task_always_eager` | none: call the function
task_name | `shadow=`, a name in logs and monitors | none: an argument
timeout | `time_limit=`, `soft_time_limit=` | none: limits in the function; `cancel_job_by_id(abort=True)` asks it to stop
"""
FUNCTION = """
async_task | `task.delay()`, `task.apply_async()`; in a transaction `delay_on_commit()` | `task.defer()`, by names, in the transaction
schedule | an entry of `beat_schedule`, or `eta=` | `@app.periodic()`, or `schedule_at=`
result | `AsyncResult(id).get()`, with a result backend | none: write it to your model
result_cached | the same | none
result_group | `GroupResult.get()` | none: read your model
result_group_cached | the same | none
fetch | `AsyncResult(id)`: `state`, `result`, `traceback` | `ProcrastinateJob`: state and arguments, no result
fetch_cached | the same | none
fetch_group | `GroupResult.results` | none: read your model
fetch_group_cached | the same | none
count_group | `GroupResult.completed_count()` | none: count your rows
count_group_cached | the same | none
delete_group | `GroupResult.forget()` | none
delete_group_cached | the same | none
delete_cached | `AsyncResult.forget()` | none
queue_size | `LLEN` of the queue in Redis | `ProcrastinateJob.objects.filter(status="todo")`
async_iter | `group(task.s(x) for x in items)`, `task.chunks()` | `task.batch_defer(*items)`
async_chain | `chain(a.si(), b.si())`; with `s` a step gets the result before it | none: a step sends the next one
Iter | `group` | none
Chain | `chain` | none
AsyncTask | a signature, `task.s()` | `task.configure()`
"""
SCHEDULE = """
Once | `eta=` or `countdown=`, shorter than `visibility_timeout` | `schedule_at=`, `schedule_in=`
Minutes | `timedelta(minutes=7)`, or `crontab("*/5")` | `*/5 * * * *`; none for 7 minutes
Hourly | `crontab(minute=7)` | `7 * * * *`
Daily | `crontab(7, 4)` | `7 4 * * *`
Weekly | `crontab(7, 4, day_of_week=1)` | `7 4 * * 1`
Biweekly | `timedelta(days=14)` from the first start of beat | none: run weekly, and look at the date
Monthly | `crontab(7, 4, day_of_month=1)` | `7 4 1 * *`
Bimonthly | `month_of_year="1-12/2"` | `7 4 1 */2 *`
Quarterly | `month_of_year="1-12/3"` | `7 4 1 */3 *`
Yearly | `crontab(7, 4, day_of_month=1, month_of_year=1)` | `7 4 1 1 *`
Cron | `crontab.from_string()`: five fields; both days must match if both are given | the same cron, in UTC
name | the key of the entry | `periodic_id=`, if a task has two
func | `"task"` | the function below the decorator
args | `"args"` | none: names
kwargs | `"kwargs"` | `task_kwargs=`
schedule_type | `"schedule"` | `cron=`
minutes | `"schedule"` | `cron=`
cron | `"schedule"` | `cron=`
repeats | none: delete the entry; django-celery-beat has `one_off` | none: remove the decorator
next_run | none: beat computes it | none: a worker computes it
cluster | `"options": {"queue": ...}` | `queue=`
hook | `"options": {"link": ...}` | none: the last line of the function
task | none: the result backend, or the log of beat | the table `procrastinate_periodic_defers`
intended_date_kwarg | none: take the time in the task | `timestamp`, which each periodic task gets
"""
KEY = """
ALT_CLUSTERS | a worker with `--queues` and `--concurrency` for each | a worker with `--queues` and `--concurrency` for each
ack_failures | `task_acks_on_failure_or_timeout`, on by default | none: a job that failed is not run again without `retry=`
broker_class | none: the URL names the transport | none
bulk | `worker_prefetch_multiplier` | none: one job at a time
cache | `result_backend` | none
cached | `result_backend`, `result_expires` | none
catch_up | none: beat makes up one run, not all | none: a worker makes up the last run of ten minutes (`max_delay`)
cluster_name | `--queues` of a worker | `--queues` of a worker
compress | `task_compression` | none
cpu_affinity | none: `CPUAffinity=` of systemd | none: `CPUAffinity=` of systemd
daemonize_workers | none: a task starts processes with `subprocess` | none: its processes are plain ones
django_redis | `broker_url` | none: PostgreSQL
error_reporter | `task_failure`, or the Celery integration of Sentry | the ERROR line of the log, which Sentry reports
guard_cycle | none | none
iron_mq | none | none
label | none | none
log_level | `--loglevel` | `LOGGING` of Django
max_attempts | `autoretry_for=`, `max_retries=` | `RetryStrategy(max_attempts=)`
max_rss | `worker_max_memory_per_child` | none: a limit of systemd or the container
mongo | none that is stable | none
mongo_db | none that is stable | none
name | none: names of queues | none: names of queues
orm | none that is stable; results: django-celery-results | `PROCRASTINATE_DATABASE_ALIAS`
poll | none: Redis and RabbitMQ wake the worker | `fetch_job_polling_interval`; PostgreSQL wakes the worker
queue_limit | `worker_prefetch_multiplier`, times the concurrency | none: a worker fetches what it runs
recycle | `worker_max_tasks_per_child` | none: restart the worker
redis | `broker_url` | none: PostgreSQL
retry | `visibility_timeout` on Redis and SQS; RabbitMQ sees that a worker is gone | `get_stalled_jobs()`, which a periodic task of yours calls
save_limit | `result_expires`, an age | the task `remove_old_jobs`, or `delete_jobs`
save_limit_per | none | none: `remove_old_jobs` for each queue
scheduler | start beat, or do not | none: each worker is one, and a run is sent once
sqs | `broker_url = "sqs://"` | none: PostgreSQL
sync | `task_always_eager` | none: call the function; tests have `InMemoryConnector`
testing | none | none
time_zone | `timezone` | none: UTC
timeout | `task_time_limit`, `task_soft_time_limit` | none: limits in the function
workers | `worker_concurrency` | processes; `--concurrency` for coroutines
"""
SIGNAL = """
post_spawn | `worker_process_init` | none: middleware of the worker
pre_enqueue | `before_task_publish` | none: your own function that sends
pre_execute | `task_prerun` | middleware, before `call_next()`
post_execute | `task_success`, `task_failure` (in the worker) | none: middleware
post_execute_in_worker | `task_postrun` | middleware, after `call_next()`
"""
REST = """
qcluster | `celery -A shop worker`, and one `celery -A shop beat` | `manage.py procrastinate worker`
qinfo | `celery inspect stats` | `manage.py procrastinate shell`: `list_queues`
qmemory | none: Flower, or `ps` | none: `ps`
qmonitor | `celery events`, or Flower | none: *Procrastinate jobs* in the admin
aws_sqs | SQS | none
ironmq | none | none
mongo | none that is stable | none
orm | none that is stable | PostgreSQL
redis_broker | Redis; and RabbitMQ | none
admin: Failure | django-celery-results, or Flower | *Procrastinate jobs*, with *Retry job*
admin: OrmQ | Flower, or the page of RabbitMQ | *Procrastinate jobs*, with *Cancel job*
admin: Schedule | django-celery-beat | none: periodic tasks are code
admin: Success | django-celery-results, or Flower | *Procrastinate jobs*, without results
"""
KINDS = {
    "Call": CALL, "Function": FUNCTION, "Schedule": SCHEDULE, "Key": KEY,
    "Signal": SIGNAL, "Rest": REST,
}  # fmt: skip


def names(kind):
    """Return the words of the installed Django-Q2."""
    if kind == "Call":
        return options()
    if kind == "Key":
        return list(settings())
    if kind == "Schedule":
        fields = [f.name for f in Schedule._meta.get_fields()]
        return [str(label) for _, label in Schedule.TYPE] + fields
    if kind == "Function":
        own = [o for o in vars(tasks).values() if is_of(o, tasks)]
        return [one.__name__ for one in own if one.__name__[0] != "_"]
    if kind == "Signal":
        own = {n for n, o in vars(signals).items() if isinstance(o, Signal)}
        return own - {"post_save"}  # Django's.
    modules = [*commands.__path__, *brokers.__path__]
    admins = [m.__name__ for m in site._registry if m.__module__ == "django_q.models"]
    return [
        *(module.name for module in pkgutil.iter_modules(modules)),
        *(f"admin: {name}" for name in admins),
    ]


def is_of(thing, module):
    return getattr(thing, "__module__", "") == module.__name__


def words(kind, text=None):
    """Return `{word: (Celery, Procrastinate)}` of a kind."""
    lines = [line.split(" | ") for line in (text or KINDS[kind]).strip().splitlines()]
    rows = {word: tuple(others) for word, *others in lines}
    strange = (set(names(kind)) - {"id"}) ^ rows.keys()
    assert not strange, f"{kind}: describe, or remove, {sorted(strange)}"
    return rows


def list_words(kind, peer):
    """Return a kind as a Markdown table for one of the peers."""
    rows = sorted(words(kind).items(), key=lambda row: row[0].lower())
    labels = {str(label) for _, label in Schedule.TYPE}
    return table([
        {
            "Django-Q2": word if word in labels else f"`{word}`",
            peer: others[PEERS.index(peer)],
        }
        for word, others in rows
    ])  # fmt: skip
