"""Every type of schedule, and when it runs next.

Needs: croniter.
"""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django_q import models
from django_q.models import Schedule
from django_q.tasks import schedule

from cookbook.harness.trial import table

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 31, 9, tzinfo=BERLIN)


def following(code, run=START, count=1, minutes=20):
    """Return the next runs of this type after `run`; the database keeps UTC."""
    job, runs = Schedule(schedule_type=code, minutes=minutes), []
    for _ in range(count):
        run = job.calculate_next_run(run.astimezone(UTC))
        runs.append(f"{localtime(run, BERLIN):%d %B %Y %H:%M}")
    return ", ".join(runs)


def types():
    """Return every type, with its next run after 31 January 2026, 09:00.

    >>> from cookbook.reference.schedules.kinds import types
    >>> print(types())
    | Type | Value | Next run |
    | --- | --- | --- |
    | Once | `Schedule.ONCE` | - |
    | Minutes | `Schedule.MINUTES` | 31 January 2026 09:20 |
    | Hourly | `Schedule.HOURLY` | 31 January 2026 10:00 |
    | Daily | `Schedule.DAILY` | 01 February 2026 09:00 |
    | Weekly | `Schedule.WEEKLY` | 07 February 2026 09:00 |
    | Biweekly | `Schedule.BIWEEKLY` | 14 February 2026 09:00 |
    | Monthly | `Schedule.MONTHLY` | 28 February 2026 09:00 |
    | Bimonthly | `Schedule.BIMONTHLY` | 31 March 2026 09:00 |
    | Quarterly | `Schedule.QUARTERLY` | 30 April 2026 09:00 |
    | Yearly | `Schedule.YEARLY` | 31 January 2027 09:00 |
    | Cron | `Schedule.CRON` | - |
    """
    names = {value: name for name, value in vars(Schedule).items() if name.isupper()}
    rows = {}
    for code, label in Schedule.TYPE:
        run = "-" if code in (Schedule.ONCE, Schedule.CRON) else following(code)
        rows[f"{label} | `Schedule.{names[code]}`"] = run
    heads = ("Type | Value", "Next run")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")


def at(*moment):
    return datetime(*moment, tzinfo=BERLIN)


def calendar():
    """Return the next runs at the ends of months and of summer time.

    >>> from cookbook.reference.schedules.kinds import calendar
    >>> print(calendar())
    | Type and last run | Next runs |
    | --- | --- |
    | Minutes, without a number | 31 January 2026 09:01 |
    | Monthly, 31 January 09:00 | 28 February 2026 09:00, 28 March 2026 09:00 |
    | Yearly, 29 February 2028 09:00 | 28 February 2029 09:00 |
    | Daily, 28 March 09:00 | 29 March 2026 09:00 |
    | Weekly, 28 March 09:00 | 04 April 2026 09:00 |
    | Daily, 24 October 09:00 | 25 October 2026 09:00 |
    | Daily, 28 March 02:30 | 29 March 2026 01:30, 30 March 2026 01:30 |
    | `minutes=1440`, 28 March 09:00 | 29 March 2026 10:00 |
    | Yearly, 27 March 2027 09:00 | 27 March 2028 10:00 |
    """
    day = at(2026, 3, 28, 9)
    rows = {
        "Minutes, without a number": following("I", minutes=None),
        "Monthly, 31 January 09:00": following("M", count=2),
        "Yearly, 29 February 2028 09:00": following("Y", at(2028, 2, 29, 9)),
        "Daily, 28 March 09:00": following("D", day),
        "Weekly, 28 March 09:00": following("W", day),
        "Daily, 24 October 09:00": following("D", at(2026, 10, 24, 9)),
        "Daily, 28 March 02:30": following("D", at(2026, 3, 28, 2, 30), 2),
        "`minutes=1440`, 28 March 09:00": following("I", day, minutes=1440),
        "Yearly, 27 March 2027 09:00": following("Y", at(2027, 3, 27, 9)),
    }
    return table(rows, ("Type and last run", "Next runs"))


def cron():
    """Return what a cron expression does.

    >>> from cookbook.reference.schedules.kinds import cron
    >>> print(cron())
    | Value | What happens |
    | --- | --- |
    | `"61 * * * *"` | `ValidationError`: [61 * * * *] is not acceptable, out of range |
    | `"0 9 * * *"` with a `next_run` | The expression counts, not `next_run` |
    | A new expression in a row | `next_run` stays |
    | A `next_run` that was missed | The next one is in the future |
    | No croniter | `ImportError`: Please install croniter to enable cron expressions |
    """
    job = add(cron="0 9 * * *", next_run=START)
    is_first = job.next_run > localtime() and localtime(job.next_run).hour == 9
    before, job.cron = job.next_run, "30 17 * * *"
    job.save()
    is_same = job.next_run == before
    job.next_run = job.calculate_next_run()
    assert f"{localtime(job.next_run):%H:%M}" == "17:30"
    late = Schedule(schedule_type="C", cron="0 * * * *")
    missed = late.calculate_next_run(START) > localtime()
    with patch.object(models, "croniter", None):
        absent = refuse(cron="0 9 * * *")
    return table({
        '`"61 * * * *"`': refuse(cron="61 * * * *"),
        '`"0 9 * * *"` with a `next_run`':
            "The expression counts, not `next_run`" if is_first else "",
        "A new expression in a row": "`next_run` stays" if is_same else "",
        "A `next_run` that was missed":
            "The next one is in the future" if missed else "",
        "No croniter": absent,
    }, ("Value", "What happens"))  # fmt: skip


def add(**fields):
    return schedule("builtins.print", schedule_type=Schedule.CRON, **fields)


def refuse(**fields):
    """Return the message with which `schedule` refuses an expression."""
    try:
        add(**fields)
    except (ValidationError, ImportError) as error:
        text = getattr(error, "messages", [error])[0]
        return f"`{type(error).__name__}`: {text}"


def cron_and_clocks():
    """Return when cron runs at the ends of summer time.

    >>> from cookbook.reference.schedules.kinds import cron_and_clocks
    >>> print(cron_and_clocks())
    | Expression and now | The next two runs |
    | --- | --- |
    | `0 9 * * *`, 28 March 12:00 | 29 March 09:00 CEST, 30 March 09:00 CEST |
    | `30 2 * * *`, 28 March 12:00 | 29 March 03:00 CEST, 30 March 02:30 CEST |
    | `0 9 * * *`, 24 October 12:00 | 25 October 09:00 CET, 26 October 09:00 CET |
    | `30 2 * * *`, 24 October 12:00 | 25 October 02:30 CEST, 25 October 02:30 CET |
    """
    rows = {}
    for expression, now in (
        ("0 9 * * *", at(2026, 3, 28, 12)),
        ("30 2 * * *", at(2026, 3, 28, 12)),
        ("0 9 * * *", at(2026, 10, 24, 12)),
        ("30 2 * * *", at(2026, 10, 24, 12)),
    ):
        start, runs = f"{now:%d %B %H:%M}", []
        job = Schedule(schedule_type="C", cron=expression)
        for _ in range(2):
            with patch.object(models, "localtime", return_value=now):
                now = job.calculate_next_run()
            runs.append(f"{localtime(now, BERLIN):%d %B %H:%M %Z}")
            now += timedelta(seconds=1)
        rows[f"`{expression}`, {start}"] = ", ".join(runs)
    return table(rows, ("Expression and now", "The next two runs"))
