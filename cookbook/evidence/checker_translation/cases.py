"""Settings to paste, and what the rules in Python say of each.

>>> from cookbook.evidence.checker_translation.cases import CASES, judge
>>> len(CASES) > 600
True
>>> judge("{'orm': 'default', 'timeout': 60, 'retry': 600, 'max_attempts': 3}")
{'found': [], 'likely': [], 'unknown': []}
>>> judge("Q_CLUSTER = {'orm': get(), 'timeout': 60}")
{'found': [], 'likely': [], 'unknown': ['orm']}
>>> judge("Q_CLUSTER = {'orm': ")
'refused'
"""

from cookbook.qdoctor.keys import KEYS

from .certain import certain, likely
from .pasted import PASTED
from .settle import NAMES, settle, unknowns
from .syntax import statements

BASE = {"orm": "default", "workers": 2, "timeout": 60, "retry": 600}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
IMMEDIATE = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
FIXED = {"default": SQLITE["default"] | {"OPTIONS": IMMEDIATE}}
LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WRONG = (None, 0, 1, -1, 1.5, 60.0, 1e300, 10**12, "a", "", True, [], [1], {}, {"a": 1})


def base(**keys):
    return repr(BASE | keys)


CASES = [
    # Each key with values of every type.
    *(base(**{key: value}) for key in KEYS for value in WRONG),
    *(base(guard_cycle=cycle, timeout=timeout) for timeout in (0, 1, 60, 3600)
      for cycle in (0.1, 0.25, 0.3, 0.5, 1, 2, 5, 60, 1e-9)),
    base(guard_cycle=5 / 79, timeout=2),
    *(base(**{name: value, "bulk": bulk, "retry": retry})
      for name, value in {"sqs": {}, "mongo": {"host": "a"}, "orm": "b"}.items()
      for bulk in (None, 2.5, 20) for retry in (400, 600.5, 1000)),
    *(base(**{word: 1}) for word in ("worker", "max_attempt", "ORM", "colour",
      "retrys", "timout", "queue-limit", "é", "x" * 60)),
    *(f"Q_CLUSTER = {value!r}" for value in WRONG),
    "{3: 1, None: 2, 1.5: 3, True: 4}", "{(1, 2): 3, (): 4, (5): 6}", "{(1,): [2]}",
    repr({f"key{n}": n for n in range(25)}),
    "{'redis': 'redis://queue'}", "{'redis': 'queue:6379'}", "{'redis': {}}",
    "{'redis': {'hosts': 'queue', 'prot': 1, 'zzzzzzz': 2}}",
    "{'redis': 'redis://queue', 'max_attempts': 3, 'ack_failures': True}",
    base(redis="redis://queue", sqs={"a": 1}), base(broker_class="a.B"),
    base(broker_class="a.B", retry=120), base(broker_class="a.B", orm=None, sqs={}),
    f"Q_CLUSTER = {BASE | {'retry': 120}}\nQ_CLUSTER |= {{'broker_class': 'a.B'}}",
    f"Q_CLUSTER = {{**{BASE | {'retry': 120}}, 'workers': int(os.environ['W'])}}",
    base(ack_failures=True, max_attempts=3), base(retry=60),
    base(retry=90), base(queue_limit=0), base(save_limit=10_000),
    base(ALT_CLUSTERS={"reports": {"worker": 3}, 5: 6, "x": 7}),
    base(cluster_name="reports"), base(cached=True), base(cache="queue"),
    *(f"Q_CLUSTER = {BASE}\nDATABASES = {value!r}" for value in
      (SQLITE, FIXED, {}, {"other": {}}, [], {"default": 3})),
    f"Q_CLUSTER = {BASE | {'workers': 16}}\nDATABASES = {FIXED}",
    *(f"Q_CLUSTER = {BASE | {'cached': 1}}\nCACHES = {value!r}" for value in
      (LOCMEM, {}, [], {"default": {"BACKEND": 3}}, {"default": None})),
    f"Q_CLUSTER = {BASE}\nCACHES = {LOCMEM}\nDEBUG = True",
    f"Q_CLUSTER = {BASE | {'sync': True}}\nDEBUG = False",
    f"Q_CLUSTER = {BASE}\nQ_CLUSTER_NAME = 'report'",
    f"Q_CLUSTER = {BASE | {'ALT_CLUSTERS': {}}}\nQ_CLUSTER_NAME = 'report'",
    f"Q_CLUSTER = {BASE | {'ALT_CLUSTERS': {'reports': {}}}}\n"
    "Q_CLUSTER_NAME = 'report'",
    "LOGGING = {'loggers': {'django_q': {}}}", "LOGGING = {'loggers': 3}", "",
    # What the drivers of other brokers accept.
    *(repr({"sqs": {"aws_region": region}}) for region in ("eu-central-1", "us_east_1",
      "https://a", "", None, 5, "-a", "a-", "12", "é", "x" * 70)),
    *(repr({"sqs": {"receive_message_wait_time_seconds": seconds}})
      for seconds in (0, 20, 21, -1, 1.5, "5", None, True, [])),
    *(repr({"sqs": {"aws_access_key_id": one, "aws_secret_access_key": other}})
      for one in (None, "", "a", 5) for other in (None, "", "a", 5)),
    *(repr({"sqs": {}, "name": name})
      for name in ("a b", "é", "x" * 90, "a.fifo", "", 5, None)),
    *(repr({"mongo": {"host": host, "port": port}}) for port in (1, "1", None, 1.5)
      for host in ("a", "mongodb://a", "MongoDB://a", "redis://a", "", 5, ["a"])),
    "{'sqs': {'region': 1, 5: 1, 'secret': 1}}", "{'iron_mq': {'tokn': 1}}",
    "{'mongo': {'uri': 'a', 'DB': 1, 'HOST': 'a'}}",
    *(base(time_zone=zone) for zone in ("UTC", "Mars", "", None, 5, [])),
    # How Python can be written.
    "# first\n{ # second\n 'orm' : \"default\" , 'timeout': 6_0,\n'retry':\t6e2,}\n",
    "{'orm': 'def' 'ault', 'timeout': (60), 'retry': +600, 'bulk': -1}",
    "{'orm': r'default', 'label': 'it\\'s \\x41\\u00e9', 'timeout': 0x3c}",
    "Q_CLUSTER = {'orm': '''default''', 'timeout': 6.,\n 'retry': .5e1, 'max_rss': ()}",
    "{'orm': 'default', 'timeout': {1, 2}, 'retry': (1,), 'redis': {}}",
    "DEBUG = True\nQ_CLUSTER = {'name': 'a',\n\n}\n",
    "{'a': 1e999, 'timeout': 1e999, 'retry': -1e999}",
    # Whole settings.
    *PASTED.values(),
    # What is not in the text is unknown.
    "{'orm': os.environ['A']}", "Q_CLUSTER = dict(orm='default')", "import os",
    "Q_CLUSTER", "{'a': 1 + 'b'}", "{'a': true}", "{[1]: 2}", "{'a': -'b'}", "{{}}",
    "{'retry': 7 % -3, 'timeout': 7 // 0, 'bulk': 10 ** 99, 'poll': 2.5 % 1}",
    "DATABASES = {**BASE, 'default': {}}\nQ_CLUSTER = {'orm': 'a', 'timeout': 9}",
    "Q_CLUSTER = {'a': {'b': {'c': {'d': {'e': {'f': {}}}}}}, 'timeout': 1 | 2}",
    "Q_CLUSTER = {'redis': {**REDIS, 'hosts': 'q'}}\nQ_CLUSTER_NAME = 3",
    "Q_CLUSTER = 1\nQ_CLUSTER |= {'orm': 'default'}", "Q_CLUSTER = [1, *TWO]",
    "if a:\n    del Q_CLUSTER['orm']", "os.path.join('a').strip().b[0].c()\n'a'.b()",
    f"Q_CLUSTER = {{'orm': 'b', {'1: 1, ' * 3}}}\nQ_CLUSTER.update(x)",
    f"Q_CLUSTER = {({n: n for n in range(300)})}\nQ_CLUSTER.update(x)",
    f"BIG = {({n: n for n in range(300)})}\nQ_CLUSTER = {{**BIG}}",
    # What is no Python is refused.
    "{'orm': 'a'", "{'a' 1}", "{'a': 1]", "Q_CLUSTER = ", "{'a': 1} {'b': 2}",
    "{'orm': 'a\nb'}", "{'a': 012}", "(" * 40, "{'a': 1,, 'b': 2}", "if a:\nb = 1",
    "a = 1\n  b = 2", "a = 1 2", "x = '''a", "a)", "x = a.1", "{" * 10_000,
]  # fmt: skip


def judge(source):
    """Return what Python's rules say of pasted settings, or "refused"."""
    try:
        settings = settle(statements(source), NAMES)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return "refused"
    answers = {"found": certain(settings), "likely": likely(settings)}
    return answers | {"unknown": list(unknowns(settings))}
