"""Say in one line whether the clusters of Django-Q2 work; exit codes for probes.

>>> import json
>>> import sys
>>> from django_q.brokers import get_broker
>>> from cookbook.recipes.qhealth import health
>>> import os, signal, time, types
>>> from datetime import timedelta
>>> from io import StringIO
>>> from django.core.management import call_command
>>> from django.test import override_settings
>>> from django.utils import timezone
>>> from django_q.models import OrmQ
>>> from django_q.tasks import async_task, fetch, result
>>> call_command("createcachetable")
>>> def qhealth(*arguments):
...     printed = StringIO()
...     try:
...         call_command("qhealth", *arguments, stdout=printed)
...     except SystemExit as end:
...         return end.code, printed.getvalue().strip()
...     return 0, printed.getvalue().strip()
>>> def until(code, *arguments):
...     deadline = time.monotonic() + 90
...     while (found := qhealth(*arguments))[0] != code:
...         assert time.monotonic() < deadline, found
...         time.sleep(0.1)
...     return found

Healthy: a cluster has a heartbeat, a task has run, and nothing waits.

>>> result(async_task(abs, -1), wait=60_000)
1
>>> until(0)
(0, 'HEALTHY: 1 cluster, 0 waiting')

**Poisoned.** The function of a task has been removed since the task was enqueued.
The pusher dies of the package, again each time that its lock runs out.

>>> sys.modules["mails"] = mails = types.ModuleType("mails")
>>> exec("def send(): pass", mails.__dict__)
>>> _ = async_task(mails.send)
>>> del sys.modules["mails"]
>>> until(6, "queue")
(6, "POISONED: a package cannot be read: ModuleNotFoundError: No module named 'mails'")
>>> OrmQ.objects.all().delete()[0]
1

A task that fails is taken again when its lock runs out. To see it at once, the
session lets the lock run out at once.

>>> failing = async_task(int, "seven")
>>> for times in 1, 2:
...     _ = until(6, "queue", f"--taken={times}")
...     _ = OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
>>> until(6, "queue")
(6, 'POISONED: package ... was taken 3 times and is still there')
>>> deadline = time.monotonic() + 90
>>> while fetch(failing, wait=60_000).attempt_count < 3:
...     assert time.monotonic() < deadline
...     time.sleep(0.1)
>>> OrmQ.objects.all().delete()[0]
1

**Stalled.** The workers are stopped, the sentinel still sends heartbeats, and says
that all is well. Tasks wait in the memory of the cluster, then in the queue.

>>> [stat] = health.heartbeats(get_broker(), None, 60)
>>> for worker in stat.workers:
...     os.kill(worker, signal.SIGSTOP)
>>> waiting = [async_task(abs, number) for number in range(9)]
>>> until(4, "live", "--stalled=1")
(4, 'STALLED: the cluster of process ... holds ... tasks, and no result has come ...')
>>> until(5, "queue", "--late=1")
(5, 'LATE: a task was enqueued ... s ago and waits')
>>> for worker in stat.workers:
...     os.kill(worker, signal.SIGCONT)
>>> [result(task, wait=60_000) for task in waiting]
[0, 1, 2, 3, 4, 5, 6, 7, 8]
>>> until(0, "--stalled=1", "--late=1")
(0, 'HEALTHY: 1 cluster, 0 waiting')

**No cluster.** The sentinel is stopped, and goes on; then it is killed.

>>> os.kill(stat.sentinel, signal.SIGSTOP)
>>> until(3, "--wait=0")
(3, 'NO_CLUSTER: no heartbeat within 0 s, on this host')
>>> os.kill(stat.sentinel, signal.SIGCONT)
>>> until(0)[0]
0
>>> os.kill(stat.sentinel, signal.SIGKILL)
>>> until(3, "live", "--wait=1")
(3, 'NO_CLUSTER: no heartbeat within 1 s, on this host')
>>> json.loads(until(3, "queue", "--wait=0", "--json")[1])["findings"]
[{'code': 3, 'name': 'NO_CLUSTER', 'reason': 'no heartbeat within 0 s, on any host'}]

The other processes of that cluster are left behind:

>>> for pid in [*stat.workers, stat.pusher, stat.monitor]:
...     os.kill(pid, signal.SIGKILL)

A cache of one process can say nothing.

>>> local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
>>> with override_settings(CACHES={"default": local}):
...     qhealth()
Traceback (most recent call last):
    ...
django.core.management.base.CommandError: heartbeats are in LocMemCache, ...

The packages of other brokers are not read.

>>> from django_q.brokers import Broker
>>> health.packages(Broker())
[]
>>> qhealth("--codes")[1].splitlines()[-1]
'6  POISONED    a package is unreadable, or is taken again and again'
"""

import json
import socket
import sys

from django.core.management.base import BaseCommand, CommandError
from django_q.brokers import get_broker
from django_q.conf import Conf

from ... import health
from ...health import Code


class Command(BaseCommand):
    help = __doc__.split("\n")[0]

    def add_arguments(self, parser):
        parser.add_argument(
            "scope", nargs="?", choices=["live", "queue"],
            help="live: only the clusters of this host; queue: only the queue, and "
            "whether there is a cluster on any host",
        )  # fmt: skip
        parser.add_argument(
            "--wait", type=float, default=Conf.GUARD_CYCLE + 2, metavar="SECONDS",
            help="how long to look for a heartbeat (guard_cycle + 2)",
        )  # fmt: skip
        parser.add_argument(
            "--stalled", type=float, default=(Conf.TIMEOUT or 3600) + 30,
            metavar="SECONDS",
            help="how long a cluster may hold tasks without a result (timeout + 30)",
        )  # fmt: skip
        parser.add_argument("--late", type=float, default=300, metavar="SECONDS",
                            help="how long a task may wait (300)")  # fmt: skip
        parser.add_argument("--taken", type=int, default=3, metavar="TIMES",
                            help="how often a package may be taken (3)")  # fmt: skip
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--codes", action="store_true", help="list the exit codes")

    def handle(self, **options):
        if options["codes"]:
            for code in Code:
                self.stdout.write(f"{code}  {code.name:<10}  {code.meaning}")
            return
        broker = get_broker()
        if health.is_blind(broker):
            raise CommandError(
                f"heartbeats are in {type(broker.cache).__name__}, which no other "
                "process can read; name a shared cache in CACHES"
            )
        host = None if options["scope"] == "queue" else socket.gethostname()
        stats = health.heartbeats(broker, host, options["wait"])
        packages = health.packages(broker)
        findings = list(self.look(broker, stats, packages, **options))
        waiting = broker.queue_size()
        plural = "" if len(stats) == 1 else "s"
        fine = (Code.HEALTHY, f"{len(stats)} cluster{plural}, {waiting} waiting")
        code, reason = (findings or [fine])[0]
        if options["json"]:
            told = [{"code": c, "name": c.name, "reason": r} for c, r in findings]
            facts = {"clusters": len(stats), "waiting": waiting,
                     "oldest": health.oldest(packages)}  # fmt: skip
            self.stdout.write(json.dumps({"code": code} | facts | {"findings": told}))
        else:
            self.stdout.write(f"{code.name}: {reason}")
        if code:
            sys.exit(int(code))

    def look(self, broker, stats, packages, scope, wait, stalled, late, taken, **_):
        """Yield what is wrong, worst first."""
        where = "any host" if scope == "queue" else "this host"
        if not stats:
            yield Code.NO_CLUSTER, f"no heartbeat within {wait:g} s, on {where}"
        if scope != "queue":
            for stat in health.stalled(broker, stats, stalled):
                yield (
                    Code.STALLED,
                    f"the cluster of process {stat.pid} holds {stat.task_q_size} "
                    f"tasks, and no result has come for {stalled:g} s",
                )
        if scope != "live":
            age = health.oldest(packages)
            if age > late:
                yield Code.LATE, f"a task was enqueued {age:.0f} s ago and waits"
            for sentence in health.poison(broker, packages, taken):
                yield Code.POISONED, sentence
