"""Plain functions, the same in both queues, and a site that sends them all the time."""

import os
import time
from importlib import import_module
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task

from cookbook.harness import trial

HERE = "cookbook.evidence.leaving.program"


def receipt(number):
    """Take 20 ms, or as long as the experiment holds its workers."""
    trial.write(f"begin {number} {os.getpid()}")
    time.sleep(0.02)
    hold = Path(os.environ["WORKSPACE"], "hold")
    trial.wait_until(lambda: not hold.exists(), 60, lambda: f"{number} is held")
    trial.write(f"end {number} {os.getpid()}")


def report(number):
    """Do the same; it moves later than `receipt`."""
    receipt(number)


def outer(number):
    """Do the same, and send a task in a transaction that is rolled back."""
    receipt(number)
    with transaction.atomic():
        enqueue(os.environ["LEAVE"], receipt, number + 200_000)
        transaction.set_rollback(True)


def tick(date):
    """Write down which run of a schedule this is."""
    trial.write(f"tick {date} {os.getpid()}")


def after(task):
    """Be the hook of a report: send a receipt with the next number."""
    enqueue(os.environ["LEAVE"], receipt, task.args[0] + 1)


def enqueue(recipe, function, number):
    import_module(f"{recipe}.queues").enqueue(function, number)


def send(recipe, first, tasks):
    """Send single tasks and chains, each in a transaction; roll some back.

    Return the numbers that have to run. A number that ends in 9 must not run.
    """
    queues, numbers = import_module(f"{recipe}.queues"), []
    for number in range(first, first + tasks):
        with transaction.atomic():
            if number % 10 == 8:
                steps = (receipt, number), (report, number + 100_000)
                queues.enqueue_chain(*steps)
                numbers += [number, number + 100_000]
            else:
                queues.enqueue([receipt, report, outer][number % 3], number)
                numbers.append(number)
            if number % 10 == 9:
                transaction.set_rollback(True)
                numbers.pop()
    return numbers


def send_with_hooks(first, tasks):
    """Send reports as they were sent before the move, with a hook."""
    for number in range(first, first + 2 * tasks, 2):
        async_task(report, number, hook=after)
    return list(range(first, first + 2 * tasks))


def plan(runs):
    """Make a schedule that is behind by a number of runs, a minute apart."""
    begin = timezone.now() - timezone.timedelta(minutes=runs, seconds=30)
    row = Schedule.objects.create(
        func=f"{HERE}.tick",
        schedule_type=Schedule.MINUTES,
        minutes=1,
        next_run=begin,
        intended_date_kwarg="date",
    )
    return [row.pk, begin.isoformat()]


def look(seconds=600):
    """Be the scheduler of a cluster, which looks more often than every 30 seconds."""
    broker, end = get_broker(), time.monotonic() + seconds
    stop = Path(os.environ["WORKSPACE"], "stop")
    while not stop.exists() and time.monotonic() < end:
        scheduler(broker)
        time.sleep(0.05)
    return broker.queue_size()


def fire(recipe, seconds=600):
    """Be the beat of the new queue, which fires more often than every 30 seconds."""
    schedules, end = import_module(f"{recipe}.schedules"), time.monotonic() + seconds
    stop, count = Path(os.environ["WORKSPACE"], "stop"), 0
    while not stop.exists() and time.monotonic() < end:
        count += schedules.fire_due()
        time.sleep(0.05)
    return count


def swing(recipe, pk):
    """Move the schedule to the new queue and back until it has no run left to do."""
    schedules, moves = import_module(f"{recipe}.schedules"), 0
    end = time.monotonic() + 600
    late = Schedule.objects.filter(pk=pk, next_run__lt=timezone.now())
    while late.exists() and time.monotonic() < end:
        moves += 1
        schedules.move(pk, schedules.OWNER if moves % 2 else None)
        time.sleep(0.2)
    Path(os.environ["WORKSPACE"], "stop").touch()
    return moves


def waiting():
    """Count what Django-Q2 still has: waiting, and fetched."""
    broker = get_broker()
    return broker.queue_size() + broker.lock_size()
