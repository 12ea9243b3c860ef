"""Every type of schedule: when it runs next after the end of January, 9:00 in Berlin.

Needs: croniter.

>>> from datetime import datetime
>>> from django.utils.timezone import localtime
>>> from django_q.models import Schedule
>>> from django_q.tasks import schedule
>>> from functools import partial
>>> from cookbook.reference.schedules.kinds import BERLIN, START, following
>>> for code, name in Schedule.TYPE:
...     print(f"{code:3}{name:11}{following(code)}")
O  Once       -
I  Minutes    2026-01-31 09:20
H  Hourly     2026-01-31 10:00
D  Daily      2026-02-01 09:00
W  Weekly     2026-02-07 09:00
BW Biweekly   2026-02-14 09:00
M  Monthly    2026-02-28 09:00
BM Bimonthly  2026-03-31 09:00
Q  Quarterly  2026-04-30 09:00
Y  Yearly     2027-01-31 09:00
C  Cron       -

Each run counts from the one before, so the end of the month is soon the 28th:

>>> following("M", datetime(2026, 2, 28, 9, tzinfo=BERLIN))
'2026-03-28 09:00'

Daily and longer keep the time of the clock when summer time begins on 29 March:

>>> following("D", datetime(2026, 3, 28, 9, tzinfo=BERLIN))
'2026-03-29 09:00'
>>> following("W", datetime(2026, 3, 28, 9, tzinfo=BERLIN))
'2026-04-04 09:00'

Minutes without a number means every minute:

>>> following("I", minutes=None)
'2026-01-31 09:01'

Cron counts from now, in the time zone of Django-Q2, and not from the run before:

>>> office = Schedule(schedule_type=Schedule.CRON, cron="0 9 * * 1-5")
>>> run = localtime(office.calculate_next_run(START))
>>> run > localtime(), run.weekday() < 5, run.hour
(True, True, 9)

schedule() checks the expression, and takes its first run instead of yours:

>>> wrong = partial(schedule, "builtins.print", schedule_type=Schedule.CRON)
>>> wrong(cron="61 * * * *")
Traceback (most recent call last):
    ...
django.core.exceptions.ValidationError: {'cron': ['[61 * * * *] is not acceptable...
>>> job = wrong(cron="0 9 * * *", next_run=START)
>>> job.next_run > localtime()
True

A new expression does not move the next run of a schedule that exists:

>>> before, job.cron = job.next_run, "30 17 * * *"
>>> job.save()
>>> job.next_run == before
True
>>> job.next_run = job.calculate_next_run()
>>> localtime(job.next_run).strftime("%H:%M")
'17:30'
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django_q.models import Schedule

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 31, 9, tzinfo=BERLIN)


def following(code, run=START, minutes=20):
    """Return when a schedule of this type runs after `run`."""
    if code in {Schedule.ONCE, Schedule.CRON}:  # There is none, or it depends on now.
        return "-"
    job = Schedule(schedule_type=code, minutes=minutes)
    return localtime(job.calculate_next_run(run), BERLIN).strftime("%Y-%m-%d %H:%M")
