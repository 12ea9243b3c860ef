"""Each queue with the settings that its own documentation recommends.

Two tasks run at a time. A task may take 10 seconds, and may fail twice before it is
given up. What a dead worker had is delivered again after 15 seconds, where the queue
can do that; in production all of these are minutes.
"""

HERE = "cookbook.evidence.which_queue"
DJANGO_Q2 = {
    "name": "shop", "workers": 2, "timeout": 10, "retry": 15, "max_attempts": 3,
    "queue_limit": 2, "save_limit": 0,
}  # fmt: skip
KEEP = {"DATABASES": {"default": {"CONN_MAX_AGE": 600}}}
CELERY = {
    "CELERY_BROKER_URL": "redis+socket://{socket}",
    "CELERY_TASK_TIME_LIMIT": 10,
    "CELERY_BROKER_TRANSPORT_OPTIONS": {
        "visibility_timeout": 15,
        "unacked_restore_throttle": 1,
    },
}
CELERY_LATE = CELERY | {
    "CELERY_TASK_ACKS_LATE": True,
    "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
    "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
}
CELERY_COMMANDS = [
    f"-m celery -A {HERE}.with_celery worker --concurrency 2",
    f"-m celery -A {HERE}.with_celery beat",
]

QUEUES = {
    "Django-Q2, PostgreSQL": {
        "module": f"{HERE}.with_django_q2",
        "distribution": "django-q2",
        "package": "django_q",
        "on": "PostgreSQL",
        "settings": {"Q_CLUSTER": DJANGO_Q2 | {"orm": "default"}} | KEEP,
        "commands": ["{manage} qcluster"],
    },
    "Django-Q2, Redis": {
        "module": f"{HERE}.with_django_q2",
        "distribution": "django-q2",
        "package": "django_q",
        "on": "Redis",
        "settings": {"Q_CLUSTER": DJANGO_Q2 | {"redis": "unix://{socket}"}} | KEEP,
        "commands": ["{manage} qcluster"],
    },
    "Celery, as it comes": {
        "module": f"{HERE}.with_celery",
        "distribution": "celery",
        "package": "celery",
        "on": "Redis",
        "settings": CELERY,
        "commands": CELERY_COMMANDS,
    },
    "Celery, acks late": {
        "module": f"{HERE}.with_celery",
        "distribution": "celery",
        "package": "celery",
        "on": "Redis",
        "settings": CELERY_LATE,
        "commands": CELERY_COMMANDS,
    },
    "Huey": {
        "module": f"{HERE}.with_huey",
        "distribution": "huey",
        "package": "huey",
        "on": "Redis",
        "settings": {
            "INSTALLED_APPS": ["huey.contrib.djhuey", f"{HERE}.with_huey"],
            "HUEY": {
                "name": "shop",
                "connection": {"url": "unix://{socket}"},
                "consumer": {"workers": 2, "worker_type": "process"},
            },
        },
        "commands": ["{manage} run_huey"],
    },
    "RQ": {
        "module": f"{HERE}.with_rq",
        "distribution": "rq",
        "package": "rq",
        "on": "Redis",
        "settings": {},
        "commands": [
            *["-m rq.cli worker --url unix://{socket} --with-scheduler "
              "--maintenance-interval 15 --job-monitoring-interval 15"] * 2,
            "-m rq.cli cron --url unix://{socket} " + f"{HERE}.with_rq",
        ],
    },
    "Dramatiq": {
        "module": f"{HERE}.with_dramatiq",
        "distribution": "dramatiq",
        "package": "dramatiq",
        "on": "Redis",
        "settings": {
            # Look for dead workers at every command.
            "DRAMATIQ": {"heartbeat_timeout": 15_000, "maintenance_chance": 1_000_000},
            "STORE_RESULTS": False,
        },
        "commands": [f"-m dramatiq --processes 2 --threads 1 {HERE}.with_dramatiq"],
    },
    "Procrastinate": {
        "module": f"{HERE}.with_procrastinate",
        "distribution": "procrastinate",
        "package": "procrastinate",
        "on": "PostgreSQL",
        "settings": {
            "INSTALLED_APPS": ["procrastinate.contrib.django"],
            "PROCRASTINATE_IMPORT_PATHS": [f"{HERE}.with_procrastinate"],
            "PROCRASTINATE_WORKER_DEFAULTS": {"update_heartbeat_interval": 5},
            "RETRY_STALLED": "* * * * * */5",  # Every five seconds; minutes are usual.
        },
        "commands": ["{manage} procrastinate worker --concurrency 1"] * 2,
    },
    "Django Tasks": {
        "module": f"{HERE}.with_django_tasks",
        "distribution": "django-tasks-db",
        "package": "django_tasks_db",
        "on": "PostgreSQL",
        "settings": {
            "INSTALLED_APPS": ["django_tasks_db"],
            "TASKS": {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        } | KEEP,
        "commands": ["{manage} db_worker"] * 2,
    },
}  # fmt: skip
