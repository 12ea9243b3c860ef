"""What runs in the comparison: to add one, add a row.

`queue` is a row of *Which queue?*, which says how to enqueue and what to start; `on` is
the database of the project, and `migrate` what it needs there. `stored` counts results,
in SQL or as a command of Redis, and `empty` names their tables. `tasks` is the number
for one measurement, about two seconds of work on one machine. Django-Q2 has more:
`copy` adds waiting tasks and `results` old results, of which there are `full`.
"""

from cookbook.evidence.which_queue.queues import HERE, KEEP, QUEUES

NUMBERS = """
WITH RECURSIVE numbers(n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
"""
# Copies of the last task, which wait behind those that are measured.
COPY = ["SQL", NUMBERS + """
INSERT INTO django_q_ormq (key, payload, lock) SELECT key, payload, lock
FROM numbers, (SELECT * FROM django_q_ormq ORDER BY id DESC LIMIT 1) AS last
"""]  # fmt: skip
COPY_LIST = ["EVAL", """
local last = redis.call('LINDEX', KEYS[1], -1)
for _ = 1, ARGV[1] do redis.call('RPUSH', KEYS[1], last) end
""", 1, "django_q:shop:q", "{rows}"]  # fmt: skip
COPY_STREAM = ["EVAL", """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2][2]
for _ = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'task', last) end
""", 1, "django_q:shop:q:stream", "{rows}"]  # fmt: skip
# Results of an earlier time; an index leads past them, because they have a group.
RESULTS = ["SQL", NUMBERS + """
INSERT INTO django_q_task
    (id, name, "group", func, started, stopped, success, attempt_count)
SELECT CAST(n AS varchar(32)), 'old', 'old', 'old', '2026-01-01', '2026-01-01', true, 1
FROM numbers
"""]  # fmt: skip
STORED = """SELECT count(*) FROM django_q_task WHERE success AND "group" IS NULL"""
KEYS = ["EVAL", "return #redis.call('KEYS', ARGV[1])", 0]

# A name, and as many workers as the others have; the rest are defaults.
STOCK = {"name": "shop", "workers": 2}
ON_ORM = STOCK | {"orm": "default"}
ON_REDIS = STOCK | {"redis": "{redis}"}
LIMITS = {"timeout": 60, "retry": 600}
TUNED = LIMITS | {"save_limit": 0, "bulk": 50, "poll": 0.05, "recycle": 10**6}
OURS = "cookbook.scaling"
POSTGRES = {"broker_class": f"{OURS}.postgres_broker.broker.PostgresBroker"}
STREAMS = {"broker_class": f"{OURS}.redis_streams.broker.StreamsBroker"}
BROKER, RESULT = f"{OURS}.postgres_broker", f"{OURS}.batched_results"
SET = "`CONN_MAX_AGE` 600, `save_limit` 0, `bulk` 50, `poll` 0.05, `recycle` 10⁶"


def django_q2(on, settings, cluster, tasks, copy=COPY, apps=(), django=KEEP):
    """Return a row of Django-Q2; `settings` is what a table says of it."""
    return {
        "queue": "Django-Q2, PostgreSQL",
        "commands": ["{manage} qcluster"],
        "on": on,
        "migrate": [app.rpartition(".")[2] for app in apps if app == BROKER],
        "words": settings,
        "settings": {"Q_CLUSTER": cluster, "INSTALLED_APPS": list(apps)} | django,
        "stored": ["SQL", STORED],
        "empty": ["django_q_ormq", "django_q_task"],
        "tasks": tasks,
        "copy": copy,
        "results": RESULTS,
        "full": 0 if "save_limit" in cluster else 250,  # As after its first 250 tasks.
    }


def peer(queue, words, tasks, commands, stored, settings=(), on="SQLite", empty=(),
         migrate=()):  # fmt: skip
    """Return a row of another queue: the settings of *Which queue?*, and some more."""
    return {
        "queue": queue,
        "commands": commands,
        "on": on,
        "migrate": migrate,
        "words": words,
        "settings": QUEUES[queue]["settings"] | dict(settings),
        "stored": stored,
        "empty": empty,
        "tasks": tasks,
        "copy": [],
        "results": [],
        "full": 0,
    }


CELERY = {
    "CELERY_RESULT_BACKEND": "redis+socket://{socket}",
    "CELERY_TASK_TIME_LIMIT": None,
    "CELERY_BROKER_TRANSPORT_OPTIONS": {},
}
CELERY_WORKER = QUEUES["Celery, as it comes"]["commands"][:1]  # Without its scheduler.
RQ_WORKER = "-m rq.cli worker --url unix://{socket} --with-scheduler"
RQ_STORED = ["ZCARD", "rq:finished:default"]
DEFAULTS = "defaults, results in Redis"

CANDIDATES = {
    "SQLite, as it comes": django_q2(
        "SQLite", "", ON_ORM, 150, django={}
    ),
    "PostgreSQL, as it comes": django_q2(
        "PostgreSQL", "", ON_ORM, 100, django={}
    ),
    "Redis, as it comes": django_q2(
        "PostgreSQL", "results in PostgreSQL", ON_REDIS, 150, django={}
    ),
    "SQLite, tuned": django_q2("SQLite", SET, ON_ORM | TUNED, 1500),
    "PostgreSQL, tuned": django_q2("PostgreSQL", SET, ON_ORM | TUNED, 1000),
    "Redis, tuned": django_q2("PostgreSQL", SET, ON_REDIS | TUNED, 1500, COPY_LIST),
    "SQLite, our parts": django_q2(
        "SQLite", f"{SET}, batched results", ON_ORM | TUNED, 3000, apps=[RESULT]
    ),
    "PostgreSQL, our broker": django_q2(
        "PostgreSQL", f"{SET}, `PostgresBroker`", ON_ORM | TUNED | POSTGRES, 1500,
        apps=[BROKER]
    ),
    "PostgreSQL, our parts": django_q2(
        "PostgreSQL", f"{SET}, `PostgresBroker`, batched results",
        ON_ORM | TUNED | POSTGRES, 4000, apps=[BROKER, RESULT],
    ),
    "Redis, our parts": django_q2(
        "PostgreSQL", f"{SET}, `StreamsBroker`, batched results",
        ON_REDIS | TUNED | STREAMS, 4000, COPY_STREAM, [RESULT],
    ),
    "Celery": peer(
        "Celery, as it comes", DEFAULTS, 1500, CELERY_WORKER,
        [*KEYS, "celery-task-meta-*"], CELERY,
    ),
    "Celery, tuned": peer(
        "Celery, acks late", "late acknowledgement, prefetch 64, results in Redis",
        1500, CELERY_WORKER, [*KEYS, "celery-task-meta-*"],
        CELERY | {"CELERY_WORKER_PREFETCH_MULTIPLIER": 64},
    ),
    "Huey": peer(
        "Huey", DEFAULTS, 4000, QUEUES["Huey"]["commands"],
        ["HLEN", "huey.results.shop"],
    ),
    "RQ": peer("RQ", DEFAULTS, 200, [RQ_WORKER] * 2, RQ_STORED),
    "RQ, no fork": peer(
        "RQ", "`SimpleWorker`: no process for each task, results in Redis", 1000,
        [f"{RQ_WORKER} --worker-class rq.SimpleWorker"] * 2, RQ_STORED,
    ),
    "Dramatiq": peer(
        "Dramatiq", "2 processes of 8 threads each, results in Redis", 3000,
        [f"-m dramatiq --processes 2 --threads 8 {HERE}.with_dramatiq"],
        [*KEYS, "[0-9a-f]" * 32], {"DRAMATIQ": {}, "STORE_RESULTS": True},
    ),
    "Procrastinate": peer(
        "Procrastinate", "defaults, a finished job stays in its table", 1000,
        QUEUES["Procrastinate"]["commands"],
        ["SQL", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded' "
                "AND task_name LIKE '%stamp'"],
        {"PROCRASTINATE_WORKER_DEFAULTS": {}, "RETRY_STALLED": "*/10 * * * *"},
        "PostgreSQL", ["procrastinate_jobs"], ["procrastinate"],
    ),
    "Django Tasks": peer(
        "Django Tasks", "`CONN_MAX_AGE` 600, interval 0.05", 1000,
        ["{manage} db_worker --interval 0.05"] * 2,
        ["SQL", "SELECT count(*) FROM django_tasks_database_dbtaskresult "
                "WHERE status = 'SUCCESSFUL'"],
        (), "PostgreSQL", ["django_tasks_database_dbtaskresult"],
        ["django_tasks_database"],
    ),
}  # fmt: skip

# From as it comes to tuned, one setting more each time; tuned has `recycle` too.
STEPS = {
    "CONN_MAX_AGE 600": django_q2("PostgreSQL", "", ON_ORM, 200),
    "and save_limit 0": django_q2("PostgreSQL", "", ON_ORM | {"save_limit": 0}, 1200),
    "and bulk 50": django_q2(
        "PostgreSQL", "", ON_ORM | LIMITS | {"save_limit": 0, "bulk": 50}, 1200
    ),
}
IN_BULK = [
    "SQLite, our parts", "PostgreSQL, as it comes", "PostgreSQL, our parts",
    "Redis, tuned", "Redis, our parts", "RQ", "Procrastinate",
]  # fmt: skip
# Tasks that wait, and results that are stored.
ALL = [*((10**power, 0) for power in range(2, 7)), (10**5, 10**6)]
GROWING = {
    "PostgreSQL, tuned": ALL,
    "PostgreSQL, our parts": ALL,
    "Redis, tuned": [(10**3, 0), (10**6, 0)],
    "Redis, our parts": [(10**3, 0), (10**6, 0)],
}
CLUSTERED = ["PostgreSQL, tuned", "PostgreSQL, our parts"]
