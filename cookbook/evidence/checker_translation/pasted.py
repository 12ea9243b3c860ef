"""Settings as people write them, each a minimal version of what a public file does.

>>> from cookbook.evidence.checker_translation.cases import judge
>>> from cookbook.evidence.checker_translation.pasted import PASTED, execute, summary
>>> len(PASTED) > 40
True
>>> for title, text in PASTED.items():
...     print(f"{title}: {summary(judge(text))}")
a whole module: W011 W020 I021 I033; unknown: name
an annotation: W011 I033
env.int with a default: W002; unknown: workers, timeout, retry
os.environ in redis: E007 W028; unknown: redis['host'], redis['port'], redis['pasword']
os.getenv for the address: W014; unknown: redis
config() of decouple: W024; unknown: orm, timeout
arithmetic: W012 I033
names above: W012 I033
a name that the text does not define: W013 W024; unknown: timeout, retry, poll
dict(): W011 I033
dict() of another: W011 I033
update: E004 W025
update of what is imported: E004 W025; unknown: **
update with words: W011 I033
an item is set: W002 W011 I033
an item of what is imported: W002; unknown: **
union: W002 W011 I033
spread of a known dictionary: W011 I033
spread of an unknown dictionary: E003; unknown: workers, **
an item is deleted: W005
a conditional value: W002; unknown: orm, redis, DEBUG
a conditional value with one result: W011 I033
a condition that is known: W026 W030 I033
if DEBUG: -; unknown: timeout, sync, label
both branches set Q_CLUSTER: W010 W024; unknown: redis, orm
only one branch sets it: W011 I033
django-configurations: W012 W028 I033; unknown: CACHES, DATABASES, DEBUG
two classes: -; unknown: sync, timeout
sets, tuples and None: E003 E003 I033
triple quotes and odd strings: W011 I033
f-strings with quotes and braces: W002; unknown: redis, name
CRLF: W011 I033
a byte order mark: W011 I033
tabs: W011 I033
an indented part: W011 W026 I033
a backslash: W011 I033
LOGGING and CACHES beside it: I015 W018 W027 I033
a cache that is computed: W016 I033; unknown: CACHES['default'], CACHES['q']['BACKEND']
a database from the environment: E008 W012 I033; unknown: DATABASES['default']
options of a database are set later: I033
options of a database are unknown: I033; unknown: DATABASES['default']['OPTIONS']
ALT_CLUSTERS with a name: W002 W019 I033; unknown: ALT_CLUSTERS['reports']['retrys']
a name from the environment: I033; unknown: Q_CLUSTER_NAME
a label that is translated: W012 W013 W024; unknown: label
tries, loops and functions: W011 W026 I033; unknown: queue_limit, bulk
match: W002; unknown: sync, retrys
comprehensions: W011 I033; unknown: workers, redis, bulk
a dictionary that is computed: -; unknown: Q_CLUSTER
a function: -; unknown: Q_CLUSTER
keys that are computed: W002; unknown: orm, **
words that only look like keywords: I033
logic: W012 I033; unknown: catch_up

Where nothing is unknown, qdoctor finds the same in the module when it has run:

>>> known = [text for text in PASTED.values() if not judge(text)["unknown"]]
>>> [text for text in known if judge(text)["found"] != execute(text)]
[]
"""

import textwrap

from cookbook.qdoctor.rules import diagnose
from cookbook.qdoctor.values import plain

from .settle import NAMES

PASTED = {
    "a whole module": '''\
"""Settings of the shop."""
import os
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
INSTALLED_APPS = ["django.contrib.admin", "django_q"]  # and ours
INSTALLED_APPS += ["shop"]
TEMPLATES = [{"DIRS": [BASE_DIR / "templates"], "OPTIONS": {"debug": DEBUG}}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
    }
}
Q_CLUSTER: dict[str, Any] = {
    "name": f"shop-{os.getpid()}",
    "orm": "default",
    "workers": 2,
    "timeout": 90,
    "retry": 60,
}
USE_TZ = True
''',
    "an annotation": """\
from typing import Dict
Q_CLUSTER: Dict = {"orm": "default", "timeout": 90}
""",
    "env.int with a default": """\
Q_CLUSTER = {
    "orm": "default",
    "workers": env.int("Q_WORKERS", default=4),
    "timeout": env.int("Q_TIMEOUT", 600),
    "retry": env("Q_RETRY"),
    "queue_limit": 50,
    "max_retries": 3,
}
""",
    "os.environ in redis": """\
Q_CLUSTER = {
    "redis": {
        "host": os.environ.get("REDIS_HOST", "127.0.0.1"),
        "port": int(os.environ.get("REDIS_PORT", "6379")),
        "pasword": os.environ["REDIS_PASSWORD"],
    },
    "timeout": 600, "retry": 700, "save_limit": 5000,
}
""",
    "os.getenv for the address": """\
Q_CLUSTER = {"redis": os.getenv("REDIS_URL"), "max_attempts": 3, "timeout": 60}
""",
    "config() of decouple": """\
from decouple import config
Q_CLUSTER = {
    'orm': config('Q_ORM', default='default'),
    'timeout': config("Q_TIMEOUT", cast=int, default=60),
    'retry': 120,
    'guard_cycle': 5,
}
""",
    "arithmetic": """\
Q_CLUSTER = {"orm": "default", "workers": 1, "timeout": 60 * 60 * 4,
             "retry": 60 * 60 * 4 + 60, "queue_limit": 2 ** 3, "bulk": 7 // 2}
""",
    "names above": """\
MINUTE = 60
TIMEOUT = 15 * MINUTE
Q_CLUSTER = {"orm": "default", "workers": 2, "timeout": TIMEOUT,
             "retry": TIMEOUT * 2, "queue_limit": 50}
""",
    "a name that the text does not define": """\
Q_CLUSTER = {"orm": "default", "timeout": TASK_TIMEOUT, "retry": TASK_TIMEOUT + 1,
             "ack_failures": True, "max_attempts": 2, "guard_cycle": 3, "poll": POLL}
""",
    "dict()": """\
Q_CLUSTER = dict(name="shop", orm="default", workers=2, timeout=90, recycle=300,)
""",
    "dict() of another": """\
BASE = dict(orm="default", timeout=60)
Q_CLUSTER = dict(BASE, retry=50, workers=1)
""",
    "update": """\
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 1}
Q_CLUSTER.update({"sync": True, "log_level": "LOUD"})
""",
    "update of what is imported": """\
from .base import *
DEBUG = False
Q_CLUSTER.update({"sync": True, "log_level": "LOUD"})
""",
    "update with words": """\
Q_CLUSTER = {"orm": "default"}
Q_CLUSTER.update(timeout=90, workers=1)
""",
    "an item is set": """\
Q_CLUSTER = {"orm": "default", "timeout": 60, "workers": 1}
Q_CLUSTER["retry"] = 60
Q_CLUSTER["ALT_CLUSTERS"] = {}
Q_CLUSTER["ALT_CLUSTERS"]["long"] = {"timeot": 3600}
""",
    "an item of what is imported": """\
from config.base import Q_CLUSTER
Q_CLUSTER["retries"] = 3
""",
    "union": """\
BASE = {"orm": "default", "timeout": 60}
Q_CLUSTER = BASE | {"retry": 30}
Q_CLUSTER |= {"workers": 1, "worker": 4}
""",
    "spread of a known dictionary": """\
BASE = {"orm": "default", "timeout": 60, "retry": 600}
Q_CLUSTER = {**BASE, "timeout": 700, "workers": 1}
""",
    "spread of an unknown dictionary": """\
Q_CLUSTER = {"workers": 0, **BASE, "timeout": "60", "orm": "default", "retry": 30}
""",
    "an item is deleted": """\
Q_CLUSTER = {"orm": "default", "redis": "redis://queue", "timeout": 60, "retry": 600}
del Q_CLUSTER["redis"]
Q_CLUSTER.pop("orm", None)
""",
    "a conditional value": """\
DEBUG = env.bool("DEBUG", False)
Q_CLUSTER = {
    "orm": "default" if DEBUG else None,
    "redis": REDIS_URL if not DEBUG else None,
    "timeout": 1800, "retry": 3600, "workers": 1, "max_attempt": 1,
}
""",
    "a conditional value with one result": """\
import sys
Q_CLUSTER = {"orm": "default", "timeout": 90 if sys.argv else 90, "workers": 2}
""",
    "a condition that is known": """\
DEBUG = True
Q_CLUSTER = {"orm": "default" if DEBUG else None, "redis": None if DEBUG else "x",
             "timeout": 60, "retry": 600, "workers": 1}
if not DEBUG:
    Q_CLUSTER["sync"] = True
elif DEBUG and True:
    Q_CLUSTER["compress"] = "False"
else:
    raise SystemExit
""",
    "if DEBUG": """\
import sys
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 60, "workers": 1}
if "test" in sys.argv:
    Q_CLUSTER["sync"] = True
if DEBUG: Q_CLUSTER["timeout"] = None; Q_CLUSTER["label"] = "Dev"
""",
    "both branches set Q_CLUSTER": """\
if env.bool("USE_REDIS"):
    Q_CLUSTER = {"name": "shop", "redis": {"host": "queue"}, "guard_cycle": 10}
else:
    Q_CLUSTER = {"name": "shop", "orm": "default", "guard_cycle": 10}
""",
    "only one branch sets it": """\
import sys
INSTALLED_APPS = []
if sys.argv:
    Q_CLUSTER = {"orm": "default", "workers": 1, "timeout": 90}
    INSTALLED_APPS.append("django_q")
""",
    "django-configurations": '''\
from configurations import Configuration, values


class Common(Configuration):
    """What all have in common."""

    DEBUG = values.BooleanValue(False)
    DATABASES = values.DatabaseURLValue("postgres://localhost/shop")
    Q_CLUSTER = {
        "orm": "default", "timeout": 3600, "retry": 3700, "bulk": 10,
        "save_limit": 10_000, "workers": 2, "daemonize_workers": False,
    }

    @property
    def CACHES(self):
        return {"default": {}}


class Production(Common):
    SECRET_KEY = values.SecretValue()
''',
    "two classes": """\
class Dev(Common):
    Q_CLUSTER = {"orm": "default", "sync": True, "guard_cycle": 0, "timeout": 60}


class Prod(Common):
    Q_CLUSTER = {"orm": "default", "guard_cycle": 0, "timeout": 600}
""",
    "sets, tuples and None": """\
Q_CLUSTER = {
    "orm": ("default",),
    "workers": None,
    "timeout": {60, 90},
    "retry": (120),
    "error_reporter": {},
    "label": ...,
}
""",
    "triple quotes and odd strings": """\
HELP = '''
Q_CLUSTER = {"orm": "wrong"}
'''
SQL = r"C:\\queue" + "it's \\"here\\" # no comment"
PATTERN = rb'\\d{3}'
Q_CLUSTER = {'orm': 'def' 'ault',  # a comment with a '
             'name': u'''shop''', 'timeout': 9_0, "workers": 1, "retry": 9e1}
""",
    "f-strings with quotes and braces": """\
HOST = f"{os.environ['HOST']}:{PORT!r:>{WIDTH}} {{x}}"
Q_CLUSTER = {"redis": f"redis://{HOST}/{0}", "timeout": 60, "ack_failure": True,
             "name": f'{"q"}' "-1"}
""",
    "CRLF": 'Q_CLUSTER = {\r\n    "orm": "default",\r\n    "timeout": 90,\r\n}\r\n',
    "a byte order mark": '\ufeffQ_CLUSTER = {"orm": "default", "timeout": 90}\n',
    "tabs": 'if True:\n\tQ_CLUSTER = {\n\t\t"orm":\t"default",\n\t"timeout": 90}\n',
    "an indented part": """\
    Q_CLUSTER = {
        "orm": "default",
        "timeout": 90,
    }
    DEBUG = True
""",
    "a backslash": 'Q_CLUSTER = \\\n  {"orm": "default", \\\n   "timeout": 90}\n',
    "LOGGING and CACHES beside it": """\
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {"version": 1, "loggers": {"django_q": {"level": "INFO"}}}
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2, "cached": 60}
""",
    "a cache that is computed": """\
CACHES = {"default": env.cache(), "q": {"BACKEND": CACHE, "LOCATION": LOCATION}}
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2,
             "cache": "shared"}
""",
    "a database from the environment": """\
DATABASES = {"default": dj_database_url.config(conn_max_age=600)}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
Q_CLUSTER = {"orm": "queue", "timeout": 60, "retry": 600, "workers": 8}
""",
    "options of a database are set later": """\
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2}
DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE",
                                   "init_command": "PRAGMA journal_mode=WAL;"}
""",
    "options of a database are unknown": """\
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": OPTIONS}}
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2}
""",
    "ALT_CLUSTERS with a name": """\
Q_CLUSTER_NAME = "report"
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2,
             "ALT_CLUSTERS": {"reports": {"retrys": 2 * LONG}}}
""",
    "a name from the environment": """\
Q_CLUSTER_NAME = os.getenv("Q_CLUSTER_NAME")
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2}
""",
    "a label that is translated": """\
Q_CLUSTER = {"orm": "default", "workers": 2, "timeout": 900, "retry": 1200,
             "ack_failures": True, "max_attempts": 2, "queue_limit": 4,
             "guard_cycle": 3, "label": _("Background tasks")}
""",
    "tries, loops and functions": """\
try:
    from .local import *
except ImportError:
    pass
else:
    DEBUG = LOCAL = True
finally:
    ROUNDS = 3
for name, value in [("a", 1)]:
    Q_LIMIT = value
while ROUNDS: ROUNDS -= 1
with open("key") as file, suppress(OSError):
    SECRET_KEY = file.read().strip()
def cluster(workers: int = 4, *, name: str = "q") -> dict[str, int]:
    Q_CLUSTER = {"workers": workers}
    return {**Q_CLUSTER, "a": [x for x in range(3) if x]}
async def start(): ...
assert ROUNDS == 0, "message"; global_ = lambda x: {"x": x}
Q_CLUSTER = {"orm": "default", "timeout": 600, "queue_limit": Q_LIMIT, "bulk": ROUNDS}
""",
    "match": """\
match os.environ.get("STAGE"):
    case "dev" | "test":
        Q_CLUSTER = {"orm": "default", "timeout": 60, "sync": True}
    case _:
        Q_CLUSTER = {"orm": "default", "timeout": 60, "retrys": 1}
""",
    "comprehensions": """\
NAMES = [name for name in os.environ if name.startswith("Q_")]
Q_CLUSTER = {"orm": "default", "timeout": 60, "workers": sum(1 for n in NAMES),
             "redis": {k: v for k, v in CONFIG.items()}, "bulk": max(*NAMES, key=len)}
""",
    "a dictionary that is computed": """\
Q_CLUSTER = {name.lower(): env(name) for name in NAMES}
""",
    "a function": "Q_CLUSTER = cluster(workers=4)\n",
    "keys that are computed": """\
ORM = "orm"
Q_CLUSTER = {ORM: "default", KEY: 3, "timeout": 90, 7: 8, "retry": 60}
""",
    "words that only look like keywords": """\
match = {"case": 1}
type = match["case"] + 1
str(match)
Q_CLUSTER = {"orm": "default", "timeout": 60, "retry": 600, "workers": type}
""",
    "logic": """\
WORKERS = None or 2
LIMIT = WORKERS and 4
Q_CLUSTER = {"orm": "default", "workers": WORKERS, "queue_limit": LIMIT, "retry": 90,
             "timeout": 60, "sync": not True, "cached": 0 or False,
             "catch_up": 1 < 2 <= 3, "bulk": +1, "recycle": -LIMIT, "poll": 1 / 4}
""",
}


def execute(source):
    """Return what the rules find in the module when it has run."""
    settings = {}
    exec(textwrap.dedent(source).removeprefix("\ufeff"), settings)
    return diagnose({name: plain(settings[name]) for name in NAMES if name in settings})


def summary(answer):
    """Return an answer of `judge` in one line."""
    ids = " ".join(one["id"].partition(".")[2] for one in answer["found"]) or "-"
    names = ", ".join(answer["unknown"])
    return f"{ids}; unknown: {names}" if names else ids
