"""Answer a scrape.

>>> import os, pathlib, tempfile, time
>>> from django.core.management import call_command
>>> from django.test import Client, override_settings
>>> from django_q.tasks import async_task, result
>>> from prometheus_client.parser import text_string_to_metric_families
>>> call_command("migrate", verbosity=0)
>>> call_command("createcachetable")
>>> def scrape():
...     with override_settings(ROOT_URLCONF=__name__):
...         page = Client(SERVER_NAME="localhost").get("/metrics")
...     families = text_string_to_metric_families(page.content.decode())
...     return [sample for family in families for sample in family.samples]
>>> def value(name, **labels):
...     return sum(
...         sample.value for sample in scrape()
...         if sample.name == name and labels.items() <= sample.labels.items()
...     )
>>> def until(number, name, **labels):
...     deadline = time.monotonic() + 90
...     while (seen := value(name, **labels)) != number:
...         assert time.monotonic() < deadline, seen
...         time.sleep(0.1)

Two tasks succeed and one fails. Each is counted after its result has been stored.

>>> ids = [async_task("math.sqrt", number) for number in (1, 4, -1)]
>>> until(3, "django_q_tasks_total", func="math.sqrt")
>>> value("django_q_tasks_total", outcome="failure")
1.0
>>> value("django_q_run_seconds_count", func="math.sqrt")
3.0
>>> value("django_q_wait_seconds_bucket", func="math.sqrt", le="+Inf")
3.0
>>> 0 < value("django_q_wait_seconds_sum", func="math.sqrt")
True

Deleted results do not change the counters.

>>> from django_q.models import Task
>>> Task.objects.all().delete()[0]
3
>>> value("django_q_tasks_total", func="math.sqrt")
3.0

A task reads from a pipe, and so it keeps its worker until somebody writes there.

>>> pipe = pathlib.Path(tempfile.mkdtemp()) / "pipe"
>>> os.mkfifo(pipe)
>>> reading = async_task(pathlib.Path.read_text, pipe)
>>> until(1, "django_q_workers", state="busy")
>>> until(1, "django_q_workers", state="idle")

The failed task is still locked, because it will be tried again, and this one is.

>>> until(2, "django_q_locked", queue="shop")
>>> pipe.write_text("written")
7
>>> result(reading, wait=60_000)
'written'
>>> until(2, "django_q_workers", state="idle")
>>> until(1, "django_q_clusters")

>>> from cookbook.recipes.metrics.models import Finished
>>> print(Finished.objects.get(outcome="failure"))
math.sqrt, failure: 1

A queue that nobody serves has an age; one that nobody can read has none.

>>> from django_q.brokers import get_broker
>>> from django_q.models import OrmQ
>>> from cookbook.recipes.metrics.collector import oldest
>>> other = get_broker("reports")
>>> oldest(other)
0
>>> _ = async_task(int, "4", cluster="reports")
>>> oldest(other) > 0
True
>>> OrmQ.objects.filter(key="reports").update(payload="rubbish")
1
>>> oldest(other)
nan

Of other brokers it reads no package.

>>> from django_q.brokers import Broker
>>> oldest(Broker())
nan

A counter that cannot be written is a line in the log, and not the end of a monitor.

>>> from unittest.mock import patch
>>> from django.db import DatabaseError
>>> from django.utils.timezone import now
>>> from cookbook.recipes.metrics.counting import count
>>> from cookbook.recipes.metrics.models import FinishedManager
>>> task = {"func": abs, "success": True}
>>> task |= {"started": now(), "began": now(), "stopped": now()}
>>> with patch.object(FinishedManager, "add", side_effect=DatabaseError("locked")):
...     count(None, task)
"""

from django.http import HttpResponse
from django.urls import path
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from .collector import DjangoQ

REGISTRY = CollectorRegistry()
REGISTRY.register(DjangoQ())


def metrics(request):
    """Let only Prometheus reach it: the names of your functions are in it."""
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


urlpatterns = [path("metrics", metrics)]
