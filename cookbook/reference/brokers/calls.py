"""Call every method of the broker of this project, without a cluster."""

from itertools import chain

from django.db import connection, transaction
from django_q.brokers import get_broker
from django_q.models import Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task


def shape(value):
    """Return what kind of value it is; None, True and False as they are.

    >>> from cookbook.reference.brokers.calls import shape
    >>> shape([(1, b"task")]), shape((3, {})), shape(None)
    ('[(int, bytes)]', '(int, dict)', 'None')
    """
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        return f"{opening}{', '.join(map(shape, value))}{closing}"
    plain = value is None or isinstance(value, bool)
    return str(value) if plain else type(value).__name__


def counts(broker):
    """Return how many tasks are waiting, and how many are locked."""
    if hasattr(broker, "queue"):
        broker.queue.reload()  # boto3 remembers what it has counted once.
    return broker.queue_size(), broker.lock_size()


def call_methods():
    """Call every method of a broker; return what each returned and left."""
    broker, returns, leaves = get_broker(), {}, {}

    def do(method, *arguments):
        value = getattr(broker, method)(*arguments)
        returns[method] = shape(value)
        return value

    def look(method):
        waiting, locked = counts(broker)
        leaves[method] = f"{waiting}, {locked}"

    for last in ("acknowledge", "fail", "delete"):
        do("enqueue", "task")
        look("enqueue")
        ((receipt, _),) = do("dequeue")
        look("dequeue")
        do(last, receipt)
        look(last)
    do("enqueue", "task")
    do("purge_queue")
    look("purge_queue")
    do("enqueue", "task")
    do("delete_queue")
    broker = get_broker()  # On SQS the deleted queue is made again only by a new one.
    look("delete_queue")
    for method in ("queue_size", "lock_size", "ping", "info"):
        do(method)
    do("set_stat", "django_q:shop:cluster:1", "working", 60)
    do("get_stat", "django_q:shop:cluster:1")
    do("get_stats", "django_q:shop:cluster:*")
    do("get_cache")
    do("get_connection")
    return {"returns": returns, "leaves": leaves, "keeps": keep(broker)}


def drain(broker, number):
    """Fetch this number of tasks; return the size of each answer, and the tasks."""
    answers = []
    while sum(map(len, answers)) < number:
        answers.append(broker.dequeue() or [])
    for receipt, _ in chain(*answers):
        broker.acknowledge(receipt)
    return [*map(len, answers)], [body for _, body in chain(*answers)]


def keep(broker):
    """Return what a broker guarantees without a cluster."""
    counting = get_broker()
    before = counting.queue_size()
    for number in range(6):
        broker.enqueue(f"task {number}")
    counted = counting.queue_size() > before
    sizes, tasks = drain(broker, 3)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # PostgreSQL does it by itself, every now and then.
    for number in range(6, 9):
        broker.enqueue(f"task {number}")
    tasks += drain(broker, 6)[1]
    with transaction.atomic():
        async_task(abs, -1)
        transaction.set_rollback(True)
    rolled_back = counts(broker)[0] == 0
    if not rolled_back:
        drain(broker, 1)
    for arguments in ("-1", "no literal"):
        Schedule.objects.create(func="builtins.abs", args=arguments)
    scheduler(broker)
    scheduler(broker)
    Schedule.objects.all().delete()
    count = counts(broker)[0]
    drain(broker, count)
    return {
        "order": [int(task[-1:]) for task in tasks] == [*range(9)],
        "bulk": sizes == [3],
        "rollback": rolled_back,
        "schedules": count == 0,
        "counts": counted,
    }
