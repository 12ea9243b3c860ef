"""How the database finds a task, a due schedule and the newest result.

Without indexes it reads the whole table each time:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.admin.indexes import plans
>>> print("\\n".join(without_cluster(plans)))
SCAN django_q_ormq
SCAN django_q_schedule; USE TEMP B-TREE FOR ORDER BY
SCAN django_q_task USING INDEX success_index; USE TEMP B-TREE FOR ORDER BY
>>> print("\\n".join(without_cluster(plans, True)))
SEARCH django_q_ormq USING INDEX django_q_ormq_key_lock (key=? AND lock<?)
SEARCH django_q_schedule USING INDEX django_q_schedule_next_run (next_run<?)
SCAN django_q_task USING INDEX django_q_task_stopped
"""

from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Success

CREATE = """
CREATE INDEX django_q_ormq_key_lock ON django_q_ormq (key, lock);
CREATE INDEX django_q_schedule_next_run ON django_q_schedule (next_run);
CREATE INDEX django_q_task_stopped ON django_q_task (stopped);
"""


def plans(indexed=False):
    """Return how SQLite finds what the pusher, the sentinel and the monitor read."""
    if indexed:
        with connection.cursor() as cursor:
            for statement in CREATE.strip().splitlines():
                cursor.execute(statement)
    now = timezone.now()
    queries = (
        OrmQ.objects.filter(key="shop", lock__lt=now)[:1],
        Schedule.objects.exclude(repeats=0).filter(next_run__lt=now),
        Success.objects.all(),
    )
    steps = [rows.explain().splitlines() for rows in queries]
    return ["; ".join(one.lstrip("0123456789 ") for one in some) for some in steps]
