"""What runs in the comparison: to add one, add a row.

`queue` is a row of *Which queue?*, which says how to enqueue and what to start; `on` is
the database of the project. `stored` counts results that are stored, in SQL or as a
command of Redis. `tasks` is the number for one measurement, about two seconds of work.
"""

from cookbook.evidence.which_queue.queues import HERE, KEEP, QUEUES

NUMBERS = """
WITH RECURSIVE numbers(n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
"""
# Copies of the last row, which wait behind what is measured.
COPY = NUMBERS + """
INSERT INTO django_q_ormq (key, payload, lock) SELECT key, payload, lock
FROM numbers, (SELECT * FROM django_q_ormq ORDER BY id DESC LIMIT 1) AS last
"""
COPY_IN_REDIS = """
local last = redis.call('LINDEX', KEYS[1], -1)
for _ = 1, ARGV[1] do redis.call('RPUSH', KEYS[1], last) end
"""
# Results of an earlier time; their group makes them easy to leave out.
RESULTS = NUMBERS + """
INSERT INTO django_q_task
    (id, name, "group", func, started, stopped, success, attempt_count)
SELECT CAST(n AS varchar(32)), 'old', 'old', 'old', '2026-01-01', '2026-01-01', true, 1
FROM numbers
"""
STORED = """SELECT count(*) FROM django_q_task WHERE success AND "group" IS NULL"""
KEYS = "return #redis.call('KEYS', ARGV[1])"
# The name and the number of workers have no default that can be compared.
STOCK = {"name": "shop", "workers": 2}
TUNED = STOCK | {"save_limit": 0, "bulk": 50, "recycle": 10**6, "timeout": 60,
                 "retry": 600}  # fmt: skip
ORM, REDIS = {"orm": "default"}, {"redis": "{redis}"}
POLL = {"poll": 0.05}


def django_q2(on, words, cluster, tasks=1500, copy=("SQL", COPY), apps=(), **settings):
    """Return a row of Django-Q2: `cluster` is Q_CLUSTER."""
    return {
        "queue": "Django-Q2, PostgreSQL",
        "commands": ["{manage} qcluster"],
        "on": on,
        "words": words,
        "settings": {"Q_CLUSTER": cluster, "INSTALLED_APPS": list(apps)} | settings,
        "stored": ["SQL", STORED],
        "empty": ["django_q_ormq", "django_q_task"],
        "tables": [],
        "copy": copy,
        "results": ["SQL", RESULTS],
        "full": 250 if "save_limit" not in cluster else 0,
        "tasks": tasks,
    }


def peer(queue, commands, words, stored, tasks=1500, on="SQLite", empty=(), tables=(),
         **settings):
    """Return a row of another queue, with settings beside those of *Which queue?*."""
    return {
        "queue": queue,
        "commands": commands,
        "on": on,
        "words": words,
        "settings": QUEUES[queue]["settings"] | settings,
        "stored": stored,
        "empty": list(empty),
        "tables": list(tables),
        "copy": None,
        "results": None,
        "full": 0,
        "tasks": tasks,
    }


SET = "`CONN_MAX_AGE` 600, `save_limit` 0, `bulk` 50, `poll` 0.05, `recycle` 10⁶"
LIST = ["EVAL", COPY_IN_REDIS, 1, "django_q:shop:q", "{rows}"]
IN_REDIS = "as it comes, results in Redis"
FINISHED = ["ZCARD", "rq:finished:default"]
RQ = "-m rq.cli worker --url unix://{socket} --with-scheduler"
CELERY_WORKER = QUEUES["Celery, as it comes"]["commands"][:1]
CELERY = {"CELERY_RESULT_BACKEND": "redis+socket://{socket}"}
CELERY |= {"CELERY_TASK_TIME_LIMIT": None, "CELERY_BROKER_TRANSPORT_OPTIONS": {}}

CANDIDATES = {
    "SQLite, as it comes": django_q2("SQLite", "", STOCK | ORM, 150),
    "PostgreSQL, as it comes": django_q2("PostgreSQL", "", STOCK | ORM, 100),
    "Redis, as it comes": django_q2("PostgreSQL", "", STOCK | REDIS, 150),
    "SQLite, tuned": django_q2("SQLite", SET, TUNED | ORM | POLL, **KEEP),
    "PostgreSQL, tuned": django_q2("PostgreSQL", SET, TUNED | ORM | POLL, 1000, **KEEP),
    "Redis, tuned": django_q2(
        "PostgreSQL", SET, TUNED | REDIS, copy=LIST, **KEEP
    ),
    "Celery": peer(
        "Celery, as it comes",
        CELERY_WORKER,
        IN_REDIS,
        ["EVAL", KEYS, 0, "celery-task-meta-*"],
        **CELERY,
    ),
    "Celery, tuned": peer(
        "Celery, acks late",
        CELERY_WORKER,
        "late acknowledgement, prefetch 64, results in Redis",
        ["EVAL", KEYS, 0, "celery-task-meta-*"],
        **CELERY,
        CELERY_WORKER_PREFETCH_MULTIPLIER=64,
    ),
    "Huey": peer("Huey", QUEUES["Huey"]["commands"], IN_REDIS, ["HLEN", "huey.results.shop"], tasks=4000),
    "RQ": peer("RQ", [RQ] * 2, IN_REDIS, FINISHED, tasks=200),
    "RQ, no fork": peer(
        "RQ", [f"{RQ} --worker-class rq.SimpleWorker"] * 2,
        "`SimpleWorker`: no process for each task", FINISHED, tasks=1000,
    ),
    "Dramatiq": peer(
        "Dramatiq",
        [f"-m dramatiq --processes 2 --threads 8 {HERE}.with_dramatiq"],
        "2 processes of 8 threads, results in Redis",
        ["EVAL", KEYS, 0, "[0-9a-f]*"],
        tasks=3000,
        DRAMATIQ={},
        STORE_RESULTS=True,
    ),
    "Procrastinate": peer(
        "Procrastinate",
        QUEUES["Procrastinate"]["commands"],
        "LISTEN and NOTIFY, two processes",
        ["SQL", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded' "
                "AND task_name LIKE '%stamp'"],
        on="PostgreSQL",
        empty=["procrastinate_jobs"],
        tables=["procrastinate"],
        tasks=1000,
        PROCRASTINATE_WORKER_DEFAULTS={},
        RETRY_STALLED="*/10 * * * *",
    ),
    "Django Tasks": peer(
        "Django Tasks",
        ["{manage} db_worker --interval 0.05"] * 2,
        "`CONN_MAX_AGE` 600, interval 0.05",
        ["SQL", "SELECT count(*) FROM django_tasks_db_dbtaskresult "
                "WHERE status = 'SUCCESSFUL'"],
        on="PostgreSQL",
        empty=["django_tasks_db_dbtaskresult"],
        tables=["django_tasks_db"],
    ),
}  # fmt: skip

# Rows for what only some of them can show.
BULK = ["Procrastinate", "RQ"]
GROWING = ["PostgreSQL, tuned", "Redis, tuned"]
CLUSTERED = ["PostgreSQL, tuned"]
