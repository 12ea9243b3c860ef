"""Let the schedulers of four hosts find the same schedules due, and disturb one."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule
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
            # Signal 0 does nothing.
            os.kill(os.getpid(), signal.SIGKILL if fault == KILLED else 0)
            folder = Path(os.environ["WORKSPACE"])
            trial.wait_until(
                (folder / "go-on").exists, 120, lambda: "not told to go on"
            )

    pre_enqueue.connect(strike)
    broker = get_broker()
    trial.write(f"begins {host} 0")
    while due().exists():
        begin = time.monotonic()
        scheduler(broker)
        trial.write(f"looked {host} {time.monotonic() - begin}")


def runs():
    """Count the runs in the queue: each once, and all."""
    broker = get_broker()
    payloads = list(OrmQ.objects.values_list("payload", flat=True))
    if not payloads:
        payloads = broker.connection.lrange(broker.list_key, 0, -1)
    tasks = map(SignedPackage.loads, payloads)
    return len({(task["group"], task["kwargs"]["due"]) for task in tasks}), len(
        payloads
    )


def lines(environment, what):
    """Return what the hosts wrote: [(host, seconds of the look)]."""
    path = Path(environment["WORKSPACE"], "journal")
    rows = path.read_text().splitlines() if path.exists() else []
    return [
        (int(host), float(seconds))
        for kind, host, seconds in map(str.split, rows)
        if kind == what
    ]


def cut_off(host, go_on, away):
    """Cut a host off in a transaction, and heal its link after some seconds."""
    host.cut()
    end = time.monotonic() + away
    go_on.touch()
    trial.wait_until(lambda: time.monotonic() > end, away + 60, str)
    host.heal()


def schedule(broker, fault, schedules=10, times=20, away=6):
    """Let four hosts look at schedules, and count what they have enqueued."""
    query = LIMIT if fault == LIMITED else ""
    with hosts(broker, 4, query=query) as (environment, all_hosts):
        trial.call(environment, create, schedules, times)
        strike_at = schedules * 2 // 5 + 1  # In the middle of a look.

        go_on = Path(environment["WORKSPACE"], "go-on")
        is_cut_off = fault in (SILENT, LIMITED)
        if not is_cut_off:
            go_on.touch()

        def work(number):
            at = 0 if number else strike_at
            with suppress(subprocess.CalledProcessError):  # It was killed.
                trial.call(all_hosts[number].environment, look, number, fault, at)

        with ThreadPoolExecutor() as pool:
            first = pool.submit(work, 0)
            trial.wait_until(
                lambda: lines(environment, "strike"), 60, lambda: "nobody looked"
            )
            others = [pool.submit(work, number) for number in (1, 2, 3)]
            if is_cut_off:
                trial.wait_until(
                    lambda: len(lines(environment, "begins")) == 4,
                    60,
                    lambda: "no look",
                )
                cut_off(all_hosts[0], go_on, away)
            _ = [one.result() for one in (first, *others)]
        whole, total = trial.call(environment, runs)
        looks = [seconds for host, seconds in lines(environment, "looked") if host]
    return {
        "broker, fault": f"{broker}, {fault}",
        "due": schedules * times,
        "missed": schedules * times - whole,
        "twice": total - whole,
        "longest look of the others, s": round(max(looks, default=0), 1),
    }
