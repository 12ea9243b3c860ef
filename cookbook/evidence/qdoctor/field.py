"""Dictionaries as projects have published them, and what qdoctor says of each.

Names, hosts and secrets are replaced. All say what is expected, and nothing else:

>>> from cookbook.evidence.qdoctor.field import PUBLISHED, judge
>>> [number for number, (given, ids) in PUBLISHED.items() if judge(given) != ids]
[]
"""

from cookbook.qdoctor.project import diagnose
from cookbook.qdoctor.values import Other

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
CORE = "django.core.cache.backends.redis.RedisCache"
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
PLACE = {"host": "queue", "port": 6379, "db": 0}


def queue(**keys):
    return {"Q_CLUSTER": keys, "CPUS": 2, "REPORTERS": []}


def orm(**keys):
    return queue(orm="default", **keys)


def caches(backend):
    return {"CACHES": {"default": {"BACKEND": backend}}}


def judge(settings):
    """Return the ids of what is found, without a repetition, in one line."""
    return " ".join(dict.fromkeys(one["id"][9:] for one in diagnose(settings)))


PUBLISHED = {
    1: (orm(workers=2, timeout=60, retry=90, queue_limit=100, bulk=5, catch_up=False)
        | caches(LOCMEM) | {"DATABASES": SQLITE}, "W012 I015 W020 I021 I033"),
    3: (orm(workers=1, timeout=None, retry=10, queue_limit=50, bulk=10),
        "W010 W011 I033"),
    6: (queue(workers=2, timeout=600, retry=700, django_redis="default")
        | caches("django_redis.cache.RedisCache"), ""),
    7: (queue(django_redis="default", timeout=60) | caches(CORE), "E036"),
    8: (orm(redis=None, workers=4, timeout=300, retry=360, queue_limit=50),
        "W012 I033"),
    9: (orm(timeout=600, retry=60, max_attempts=3, workers=5,
            error_reporter={"sentry": {}}), "W011 W037"),
    11: (orm(workers=4, queue_limit=15, bulk=10, timeout=14400, retry=14700,
             has_replica=True), "W002 W012 I033"),
    13: (queue(redis=PLACE | {"username": "a", "password": "b", "ssl": True},
               timeout=300, retry=300, save_limit=5000), "W028"),
    15: (orm(workers=2, retry=360, timeout=60, queue_limit=50, bulk=10, poll=1),
         "W012 I033"),
    16: (orm(max_retires=1, retry=360, timeout=300, queue_limit=50, workers=4),
         "W002 W012 I033"),
    17: (orm(workers=2, timeout=90, recycle=300), "W011 I033"),
    19: (orm(workers=2, timeout=90, recycle=300, redis=PLACE), "W006 W011 I033"),
    20: (queue(timeout=120, retry=120), "W005"),
    21: (orm(timeout=60, retry=90, max_attempts=3, ack_failures=True, queue_limit=100,
             ALT_CLUSTERS={"xl": {"name": "xl-1", "workers": 1, "timeout": 3600,
                                  "retry": 600, "bulk": 10}}),
         "W012 W013 W034 I035"),
    23: (queue(django_redis="q", workers=2, timeout=99999, retry=100000, guard_cycle=5,
               sync=0, queue_limit=4), "W024 W029"),
    24: (queue(redis={"host": "redis://queue:6379", "port": "6379", "db": 1},
               timeout=60), "E007"),
    25: (queue(orm=None, broker="redis://queue", redis=PLACE, timeout=90, retry=600,
               workers=8, bulk=10), "W002"),
    26: (orm(workers=2, timeout=900, retry=1200, ack_failures=True, max_attempts=2,
             queue_limit=4, guard_cycle=3, label=Other), "W012 W013 W024"),
    27: (queue(redis="redis://queue", guard_cycle=5, recycle=1, retry=1810,
               timeout=1800, workers=1), "W024 W029"),
    29: (orm(broker_class="portal.SafeORMBroker", workers=1, timeout=21600,
             retry=21601, queue_limit=1) | caches(LOCMEM) | {"BROKER_BASE": "orm"},
         "W012 I015 I033"),
    32: (orm(workers=4, recycle=10, max_attempts=1, ack_failures=True), "W010 W011"),
    33: (orm(timeout=3600, retry=3700, bulk=10, save_limit=0, daemonize_workers=False),
         "W012 I033"),
    35: (queue(workers=8, timeout=60, redis=None), "E003"),
    36: (queue(orm=None, redis="redis://queue", timeout=1800, retry=3600, workers=1),
         ""),
    37: (orm(redis=None, timeout=1800, retry=3600, workers=1), "W012 I033"),
    38: (orm(timeout=1800, retry=1860, queue_limit=500, bulk=10, ack_faiilures=True,
             guard_cycle=10), "W002 W012 W024 W029 I033"),
    39: (orm(timeout=300, retry=301, ack_failures=True, max_attempts=2, guard_cycle=3,
             poll=5), "W012 W013 W024"),
    40: (orm(sync=True, log_level="ERROR") | {"DEBUG": False}, "W025"),
    41: (orm(workers=2, timeout=90, retry=120, queue_limit=50, bulk=10,
             max_attempts=1), "W012"),
    43: (queue(redis=PLACE | {"password": "a"}, timeout=60,
               error_reporter={"sentry": {}}), "W037"),
    46: (queue(redis=PLACE, workers=8, timeout=900, retry=901, queue_limit=500,
               daemonize_workers=True, sync=False), "I032"),
    47: (orm(workers=1, timeout=300, retry=420, queue_limit=500, bulk=10),
         "W012 I033"),
}  # fmt: skip
