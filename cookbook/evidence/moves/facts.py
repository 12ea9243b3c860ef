"""Ask each broker of the path what a task may rely on.

>>> from cookbook.evidence.moves.facts import facts
>>> print(facts())
| Queue | A rollback takes a task back | *Queued tasks* in the admin |
| --- | --- | --- |
| PostgreSQL | yes | 1 of 1 tasks |
| queue database | no | 1 of 1 tasks |
| Redis | no | no page |
| SQS | no | 0 of 1 tasks |

A name that SQLite has kept can be too long for PostgreSQL:

>>> from cookbook.evidence.moves.facts import store
>>> store(101)
'value too long for type character varying(100)'
"""

from django.contrib import admin
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


def store(length):
    with place("PostgreSQL", "PostgreSQL") as (project, _):
        return trial.call(project, name_task, length)


def facts():
    """Return the answers as a table."""
    lines = ["| Queue | A rollback takes a task back | *Queued tasks* in the admin |"]
    lines.append("| --- | --- | --- |")
    for name in ("PostgreSQL", "queue database", "Redis", "SQS"):
        with place(name, name) as (project, _):
            back, page = trial.call(project, look)
        lines.append(f"| {name} | {'yes' if back else 'no'} | {page} |")
    return "\n".join(lines)
