"""For each rule, settings in which it finds a mistake, and the same settings fixed."""

ENGINE = "django.db.backends.sqlite3"
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
SHARED = "django.core.cache.backends.db.DatabaseCache"


def queue(**keys: object) -> dict:
    return {"Q_CLUSTER": {"orm": "default"} | keys}


def sqlite(workers: int = 2, **options: str) -> dict:
    database = {"ENGINE": ENGINE, "OPTIONS": options}
    return queue(workers=workers) | {"DATABASES": {"default": database}}


def cached(backend: str, **keys: object) -> dict:
    return queue(**keys) | {"CACHES": {"default": {"BACKEND": backend}}}


def waiting(**keys: object) -> dict:
    return queue(workers=2, timeout=60, **keys)


CORE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
SHARING = {"default": {"BACKEND": "django_redis.cache.RedisCache"}}
OTHERS = {"ALT_CLUSTERS": {"reports": {"workers": 1}}}
ON_POSTGRESQL = {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}}

CASES = {
    "E001": ({"Q_CLUSTER": ["orm", "default"]}, queue()),
    "W002": (queue(max_attempt=3), queue(max_attempts=3)),
    "E003": (queue(timeout=1.5), queue(timeout=60, retry=90.5)),
    "E004": (queue(log_level="LOUD"), queue(log_level="INFO")),
    "W005": ({"Q_CLUSTER": {"name": "shop"}}, queue()),
    "W006": (queue(redis={"host": "queue"}), queue()),
    "E007": (
        {"Q_CLUSTER": {"redis": {"hosts": "queue"}}},
        {"Q_CLUSTER": {"redis": {"host": "queue"}}},
    ),
    "E008": (queue(orm="queue") | ON_POSTGRESQL, queue() | ON_POSTGRESQL),
    "E009": (queue() | {"Q_CLUSTER_NAME": "reports"}, queue(ALT_CLUSTERS={})),
    "W010": (queue(), queue(timeout=60)),
    "W011": (queue(workers=1, timeout=90), queue(workers=1, timeout=90, retry=300)),
    "W012": (
        waiting(queue_limit=10, retry=90),
        waiting(queue_limit=10, retry=430),
    ),
    "W013": (queue(max_attempts=3, ack_failures=True), queue(max_attempts=3)),
    "W014": (
        {"Q_CLUSTER": {"redis": "redis://queue", "max_attempts": 3}},
        queue(max_attempts=3),
    ),
    "I015": (cached(LOCMEM), cached(SHARED)),
    "W016": (cached(SHARED, cache="queue"), cached(SHARED)),
    "W017": (queue(timeout=0), queue(timeout=None)),
    "W018": (cached(LOCMEM, cached=60), cached(SHARED, cached=60)),
    "W019": (
        queue(**OTHERS) | {"Q_CLUSTER_NAME": "report"},
        queue(**OTHERS) | {"Q_CLUSTER_NAME": "reports"},
    ),
    "W020": (sqlite(), sqlite(transaction_mode="IMMEDIATE")),
    "I021": (sqlite(), sqlite(init_command="PRAGMA journal_mode=WAL")),
    "I022": (sqlite(workers=16), sqlite(workers=4)),
    "W023": (queue(guard_cycle=0), queue(guard_cycle=0.5)),
    "W024": (queue(guard_cycle=10), queue(guard_cycle=1)),
    "W025": (
        queue(sync=True) | {"DEBUG": False},
        queue(sync=True) | {"DEBUG": True},
    ),
    "W026": (queue() | {"DEBUG": True}, queue() | {"DEBUG": False}),
    "W027": (
        {"LOGGING": {"loggers": {"django_q": {}}}},
        {"LOGGING": {"loggers": {"django-q": {}}}},
    ),
    "W028": (queue(save_limit=10_000), queue(save_limit=250)),
    "W029": (
        queue(timeout=60, guard_cycle=0.3),
        queue(timeout=60, guard_cycle=0.5),
    ),
    "W030": (queue(compress="False"), queue(compress=False)),
    "W031": (
        queue(time_zone="Mars") | {"ZONES": ["UTC"]},
        queue(time_zone="UTC") | {"ZONES": ["UTC"]},
    ),
    "I032": (
        {"Q_CLUSTER": {"redis": "redis://queue", "workers": 2, "queue_limit": 500}},
        {"Q_CLUSTER": {"redis": "redis://queue", "workers": 2, "queue_limit": 2}},
    ),
    "I033": (queue(), queue(max_attempts=3)),
    "W034": (
        waiting(retry=600, ALT_CLUSTERS={"long": {"timeout": 3600}}),
        waiting(retry=600, ALT_CLUSTERS={"long": {"timeout": 90}}),
    ),
    "I035": (
        queue(ALT_CLUSTERS={"mail": {"name": "post"}}),
        queue(ALT_CLUSTERS={"mail": {"name": "mail"}}),
    ),
    "E036": (
        {"Q_CLUSTER": {"django_redis": "default"}, "CACHES": CORE},
        {"Q_CLUSTER": {"django_redis": "default"}, "CACHES": SHARING},
    ),
    "W037": (
        queue(error_reporter={"sentry": {}}) | {"REPORTERS": []},
        queue(error_reporter={"sentry": {}}) | {"REPORTERS": ["sentry"]},
    ),
    "E038": (
        {"Q_CLUSTER": {"sqs": {}}, "FOUND": {"boto3": False}},
        {"Q_CLUSTER": {"sqs": {}}, "FOUND": {"boto3": True}},
    ),
    "W039": (queue(recycle="500"), queue(recycle=500)),
}
