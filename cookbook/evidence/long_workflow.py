"""What a long prefetch does to long tasks.

A team ran workflows with `timeout` 600, `retry` 900, `queue_limit` 50 and `bulk` 10 on
two workers. A cluster fetches tasks long before a worker is free for them, and `retry`
begins when it fetches. This is the number of seconds that `retry` must exceed, for the
team and for the recipe:

>>> from cookbook.qdoctor.rules import longest_hold
>>> from cookbook.recipes.long_workflow.settings import Q_CLUSTER
>>> team = {"workers": 2, "timeout": 600, "queue_limit": 50, "bulk": 10}
>>> longest_hold(team, "orm"), longest_hold(Q_CLUSTER | {"workers": 2}, "orm")
(18600, 1200)

The `retry` of the recipe is enough with one worker, where the wait is longest:

>>> from cookbook.qdoctor.rules import longest_hold
>>> from cookbook.recipes.long_workflow.settings import Q_CLUSTER
>>> longest_hold(Q_CLUSTER | {"workers": 1}, "orm"), Q_CLUSTER["retry"]
(1800, 1900)

The same with times that are 600 times shorter. Twelve runs of half a second keep two
workers busy for three seconds:

>>> from cookbook.evidence.long_workflow import edges
>>> print(edges())
| Prefetch | Twelve runs |
| --- | --- |
| `queue_limit` 50, `bulk` 10 | started 12 times, delivered more often |
| `queue_limit` 1, `bulk` 1 | started 12 times, delivered 12 times |

`claim` let each run start once. Without it, each further delivery is a further run.
"""

from django.contrib.auth.models import User
from django.db.models import Sum
from django_q.tasks import async_task, fetch

from cookbook.harness.trial import observe, table, wait_until
from cookbook.recipes.long_workflow.models import WorkflowRun
from cookbook.recipes.long_workflow.tasks import queue_workflow


def deliver(number):
    """Queue some runs; return how many ended, and how often they were delivered."""
    user = User.objects.create_user("ada")
    inputs = {"pages": 1, "seconds": 0.5}
    runs = [queue_workflow(user, "report", inputs) for _ in range(number)]
    for run in runs:
        fetch(run.task_name, wait=30_000)
    fetch(async_task("math.sqrt", 4), wait=30_000)  # Behind the second deliveries.
    ended = WorkflowRun.objects.filter(status="completed")
    wait_until(lambda: ended.count() == number, 30, lambda: f"{ended.count()} ended")
    return ended.count(), ended.aggregate(all=Sum("deliveries"))["all"]


def edges():
    rows = {}
    for queue_limit, bulk in ((50, 10), (1, 1)):
        started, delivered = observe(
            deliver, 12, workers=2, retry=1.9, queue_limit=queue_limit, bulk=bulk
        )
        often = "more often" if delivered > started else f"{delivered} times"
        rows[f"`queue_limit` {queue_limit}, `bulk` {bulk}"] = (
            f"started {started} times, delivered {often}"
        )
    return table(rows, heads=("Prefetch", "Twelve runs"))
