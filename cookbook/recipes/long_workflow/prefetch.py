"""What a long prefetch does to long tasks: the system's numbers, 200 times faster.

Sixteen runs of 0.8 seconds keep two workers busy for six seconds. All of them are
fetched at once, and those that still wait after `retry` are fetched a second time.

>>> from time import sleep
>>> from django.contrib.auth import get_user_model
>>> from django.db.models import Sum
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.long_workflow.models import WorkflowRun
>>> from cookbook.recipes.long_workflow.tasks import queue_workflow
>>> user = get_user_model().objects.create_user("ada")
>>> inputs = {"pages": 1, "seconds": 0.8}
>>> runs = [queue_workflow(user, "report", inputs, timeout=3) for _ in range(16)]
>>> for run in runs:
...     assert result(run.task_name, wait=30_000) in ["completed", "running"]
>>> result(async_task(int), wait=30_000)  # Behind the second deliveries.
0
>>> while WorkflowRun.objects.exclude(status="completed"):
...     sleep(0.1)

`claim` let each run start once; a delivery that came while it ran saw it "running".
Without it, every further delivery is a further run:

>>> deliveries = WorkflowRun.objects.aggregate(all=Sum("deliveries"))["all"]
>>> deliveries > len(runs)
True
"""

Q_CLUSTER = {
    "name": "studio",
    "orm": "default",
    "workers": 2,
    "timeout": 3,
    "retry": 4.5,
    "queue_limit": 50,
    "bulk": 10,
}
