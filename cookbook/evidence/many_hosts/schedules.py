"""Let the schedulers of four hosts find the same schedules due, and disturb one."""

import os
import signal
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.signals import pre_enqueue
from django_q.signing import SignedPackage

from cookbook.evidence.many_hosts.hosts import hosts
from cookbook.harness import trial
from cookbook.scaling.many_hosts import NETWORK

NONE, KILLED, SILENT, LIMITED = (
    "none",
    "killed while it looks",
    "cut off while it looks",
    "cut off, PostgreSQL waits 2 s",
)
# The options of the page, with two seconds in place of its sixty.
SHORT = {"options": "-c idle_in_transaction_session_timeout=2000"}
LIMIT = f"?{urlencode(NETWORK['OPTIONS'] | SHORT, quote_via=quote)}"


def create(schedules, times):
    """Create schedules that have been due a number of times."""
    for number in range(schedules):
        Schedule.objects.create(
            name=f"schedule {number}",
            func="math.sqrt",
            schedule_type=Schedule.MINUTES,
            minutes=1,
            repeats=times,
            next_run=timezone.now() - timedelta(minutes=times, seconds=30),
            intended_date_kwarg="due",
        )


def due():
    return Schedule.objects.exclude(repeats=0).filter(next_run__lt=timezone.now())


def look(host, fault, strike_at):
    """Look at the schedules as a sentinel does, until none is due."""
    enqueued = []

    def strike(**_):
        enqueued.append(1)
        if len(enqueued) == strike_at:  # In the transaction of the scheduler.
            trial.write(f"strike {host} 0")
            if fault == KILLED:
                os.kill(os.getpid(), signal.SIGKILL)
            folder = Path(os.environ["WORKSPACE"])
            trial.wait_until((folder / "cut").exists, 60, lambda: "it was not cut off")

    pre_enqueue.connect(strike)
    broker = get_broker()
    while due().exists():
        begin = time.monotonic()
        scheduler(broker)
        trial.write(f"looked {host} {time.monotonic() - begin}")


def runs():
    """Empty the queue; return how often each run of a schedule was in it."""
    broker, packages = get_broker(), []
    while broker.queue_size():
        packages += [SignedPackage.loads(payload) for _, payload in broker.dequeue()]
    counts = Counter((task["group"], task["kwargs"]["due"]) for task in packages)
    return len(counts), len(packages)


def journal(environment):
    """Return what the hosts wrote: (what, host, seconds of the look)."""
    path = Path(environment["WORKSPACE"], "journal")
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        (what, int(host), float(seconds))
        for what, host, seconds in map(str.split, lines)
    ]


def schedule(broker, fault, schedules=10, times=20, away=6):
    """Let four hosts look at schedules, and count what they have enqueued."""
    query = LIMIT if fault == LIMITED else ""
    with hosts(broker, 4, query=query) as (environment, all_hosts):
        trial.call(environment, create, schedules, times)
        strike_at = schedules * 2 // 5 + 1  # In the middle of a look.

        def work(number):
            at = strike_at if number == 0 and fault != NONE else 0
            with suppress(subprocess.CalledProcessError):  # It was killed.
                trial.call(all_hosts[number].environment, look, number, fault, at)

        with ThreadPoolExecutor() as pool:
            first = pool.submit(work, 0)
            if fault != NONE:
                trial.wait_until(
                    lambda: journal(environment), 60, lambda: "nobody looked"
                )
            others = [pool.submit(work, number) for number in (1, 2, 3)]
            if fault in (SILENT, LIMITED):
                all_hosts[0].cut()
                Path(environment["WORKSPACE"], "cut").touch()
                end = time.monotonic() + away
                trial.wait_until(lambda: time.monotonic() > end, away + 60, str)
                all_hosts[0].heal()
            _ = [one.result() for one in (first, *others)]
        whole, total = trial.call(environment, runs)
        looks = [
            seconds
            for what, host, seconds in journal(environment)
            if what == "looked" and host
        ]
    return {
        "broker, fault": f"{broker}, {fault}",
        "due": schedules * times,
        "missed": schedules * times - whole,
        "twice": total - whole,
        "longest look of the others, s": round(max(looks, default=0), 1),
    }
