"""The keys of Q_CLUSTER that decide when a task is taken, repeated and given up."""

from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.tasks import async_task

from cookbook.harness.trial import observe, stop, wait_until, write, written


def fail():
    write("failed")
    raise ValueError("it always fails")


def send(looks, options):
    """Send a task that fails; count how often it runs until no broker has it."""
    async_task(fail, **options)
    broker, empty = get_broker(), []

    def over():
        waits = OrmQ.objects.exists() or broker.queue_size() > 0
        empty.append(bool(written()) and not waits)
        return len(written()) == 3 or empty[-looks:] == [True] * looks

    wait_until(over, 60, lambda: f"{written()} and still in the queue")
    ran = len(written())
    stop()
    return ran


def runs(looks=1, options=None, **changes):
    """Return how often a task runs that always fails, or 3 when it runs more often.

    The queue must be empty at so many `looks`, because Redis holds no task that runs.
    """
    return observe(send, looks, options or {}, **{"retry": 2} | changes)
