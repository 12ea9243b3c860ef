"""Count calls in the database, by the clock of its server."""

from datetime import timedelta
from time import monotonic, sleep

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now

from .models import Slot

LIMITS = {"partner": (20, 1)}  # The queue: the most calls in each number of seconds.
LATE = 0.1  # Seconds that a call may begin after its slot; longer slots pay for it.


def interval(name: str) -> float:
    """Return the seconds between two slots; one call is kept for a jump of the clock.

    With calls - 1 intervals of seconds + LATE, no window holds more than calls - 1.
    """
    calls, seconds = LIMITS[name]
    return (seconds + LATE) / max(calls - 1, 1)


def take(name: str, use: str = "call") -> float:
    """Take a slot and return 0, or return the seconds until the next one is free."""
    slot, now = Slot.objects.filter(name=f"{name}: {use}"), Now()
    step, late = timedelta(seconds=interval(name)), timedelta(seconds=LATE / 2)
    # Inside a longer transaction the row would stay locked for every other worker.
    with transaction.atomic(durable=True):
        if slot.filter(free__lte=now).update(free=Greatest("free", now - late) + step):
            return 0
    wait = slot.annotate(wait=F("free") - now).values_list("wait", flat=True).first()
    if wait is None:
        Slot.objects.get_or_create(name=f"{name}: {use}", defaults={"free": now})
        return 0.001
    most = timedelta(seconds=LIMITS[name][1] + LATE)
    if wait > most:  # The clock was set back.
        slot.filter(free__gt=now + most).update(free=now + most)
    return min(max(wait, timedelta(milliseconds=1)), most).total_seconds()


def wait_for_slot(name: str) -> None:
    """Wait until a call may begin. Call at once after it, once for each call."""
    while True:
        begin = monotonic()
        try:
            wait = take(name)
        except (InterfaceError, OperationalError):  # Until the task's timeout.
            connection.close()
            wait = 0.5
        if not wait and monotonic() - begin < LATE / 2:
            return
        sleep(wait)
