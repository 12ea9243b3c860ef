"""Ask each broker of the path what a task may rely on.

>>> from cookbook.evidence.moves.facts import facts
>>> print(facts())
| Queue | A rollback takes a task back | *Queued tasks* in the admin |
| --- | --- | --- |
| PostgreSQL | yes | 1 of 1 tasks |
| queue database | no | 1 of 1 tasks |
| Redis | no | no page |
| SQS | no | 0 of 1 tasks |

With `QUEUE=old` each step uses the queue that it comes from:

>>> from cookbook.evidence.moves.facts import old
>>> [old(step) for step in ("queue database", "Redis", "SQS")]
['ORM default', 'ORM default', 'ORM default']

What stops a copy of the results, a name that SQLite has kept and a model instance:

>>> from cookbook.evidence.moves.facts import ask, copy_instance, name_task, send
>>> ask("PostgreSQL", name_task, 101)
'value too long for type character varying(100)'
>>> print(ask("PostgreSQL", copy_instance))
Tried to update field django_q.Task.result with a model instance, <Group: members>...

A site stores an order and sends a task in one transaction. With Django-Q2's own broker
and a second database for the queue, the order is gone, without an error; with that of
the recipe it is there:

>>> from cookbook.evidence.moves.facts import place_order
>>> ask("queue database", place_order, STOCK="yes")
{'orders': 0, 'tasks': 1}
>>> ask("queue database", place_order)
{'orders': 1, 'tasks': 1}

When the database of the queue is away, the site goes on without it:

>>> ask("queue database", send, QUEUE_DB="gone")
('OperationalError', 0)
"""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core import serializers
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from cookbook.harness import trial

from .runs import place


def look():
    """Send a task in a transaction that is rolled back, and one that is not."""
    with transaction.atomic():
        async_task("math.sqrt", 4)
        transaction.set_rollback(True)
    back = get_broker().queue_size() == 0
    get_broker().purge_queue()
    async_task("math.sqrt", 4)
    page = admin.site._registry.get(OrmQ)
    if not page:
        return back, "no page"
    return back, f"{page.get_queryset(None).count()} of 1 tasks"


def name_task(length):
    """Store a result whose name is this long; return the error."""
    try:
        now = timezone.now()
        Task.objects.create(id="1", name=length * "x", started=now, stopped=now)
    except DatabaseError as error:
        return str(error).strip()


def copy_instance():
    """Load a result that is a model instance from a file; return the error."""
    now, group = timezone.now(), Group.objects.create(name="members")
    Task.objects.create(id="1", name="1", started=now, stopped=now, result=group)
    file = serializers.serialize("json", Task.objects.all())
    (row,) = serializers.deserialize("json", file)
    try:
        row.save()
    except TypeError as error:
        return str(error)


def place_order():
    """Store an order and send its task in one transaction; return what is there."""
    with transaction.atomic():
        Group.objects.create(name="an order")
        async_task("math.sqrt", 4)
    return {"orders": Group.objects.count(), "tasks": get_broker().queue_size()}


def send():
    """Send a task; return the error, and what the other database answers."""
    try:
        async_task("math.sqrt", 4)
    except DatabaseError as error:
        return type(error).__name__, Group.objects.count()


def name_broker():
    return get_broker().info()


def old(step):
    with place(step, "PostgreSQL") as (_, project):
        return trial.call(project, name_broker)


def ask(name, function, *arguments, **variables):
    with place(name, name) as (project, _):
        return trial.call(project | variables, function, *arguments)


def facts():
    """Return the answers as a table."""
    lines = ["| Queue | A rollback takes a task back | *Queued tasks* in the admin |"]
    lines.append("| --- | --- | --- |")
    for name in ("PostgreSQL", "queue database", "Redis", "SQS"):
        back, page = ask(name, look)
        lines.append(f"| {name} | {'yes' if back else 'no'} | {page} |")
    return "\n".join(lines)
