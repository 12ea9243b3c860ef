"""Let the scheduler of a cluster look at schedules, good ones and broken ones."""

from django_q.brokers import get_broker
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.signals import pre_enqueue
from django_q.tasks import schedule

from cookbook.harness.projects import Project


def due():
    """Store a schedule that is due.

    >>> from cookbook.harness.trial import first_look
    >>> from cookbook.troubleshooting.messages.runs import printed, schedules
    >>> print(printed(first_look(schedules.due), "from schedule"))
    INFO Process-... created task ... from schedule [nightly]
    """
    schedule("builtins.abs", -1, name="nightly")


def without_id():
    """Let a receiver of `pre_enqueue` empty the id of a task.

    >>> from cookbook.harness.trial import first_look
    >>> from cookbook.troubleshooting.messages.runs import printed, schedules
    >>> print(printed(first_look(schedules.without_id), "from schedule"))
    ERROR Process-... failed to create a task from schedule [nightly]
    """
    pre_enqueue.connect(lambda task, **_: task.update(id=""), weak=False)
    schedule("builtins.abs", -1, name="nightly")


def broken():
    """Store a schedule whose arguments are no literals.

    >>> from cookbook.harness.trial import first_look
    >>> from cookbook.troubleshooting.messages.runs import printed, schedules
    >>> log = first_look(schedules.broken)
    >>> for words in ("Could not", "ValueError:"):
    ...     print(printed(log, words))
    ERROR Could not create task from schedule
    ValueError: malformed node or string on line 1: ...

    A schedule that is due before it, after each of three passes of the scheduler: the
    ORM broker has no task in the queue, Redis has one more each time.

    >>> from cookbook.harness.trial import without_cluster
    >>> without_cluster(schedules.look_three_times)
    [0, 0, 0]
    >>> without_cluster(schedules.look_three_times, orm=None, redis={})
    [1, 2, 3]
    """
    Schedule.objects.create(func="builtins.abs", args="float(1)", name="broken")


def look_three_times():
    """Return the number of queued tasks after each pass of the scheduler."""
    due()
    broken()
    return [scheduler() or get_broker().queue_size() for _ in range(3)]


def twice():
    """Store two schedules of the same name.

    >>> from cookbook.troubleshooting.messages.runs import schedules
    >>> schedules.twice()
    Traceback (most recent call last):
        ...
    django.db.utils.IntegrityError: A schedule with the same name already exists.
    """
    schedule("builtins.abs", -1, name="nightly")
    schedule("builtins.abs", -2, name="nightly")


def without_croniter():
    """Store a cron schedule in a project without croniter.

    >>> from cookbook.troubleshooting.messages.runs import schedules
    >>> schedules.without_croniter()
    ImportError: Please install croniter to enable cron expressions
    """
    project = Project("django-q2")
    project.has(["django_q"])
    project.says("shell", "--command", CRON)
    project.close()


CRON = """
from django_q.tasks import schedule
schedule("builtins.abs", -1, schedule_type="C", cron="0 9 * * *")
"""
