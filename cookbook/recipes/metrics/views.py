"""Answer a scrape.

Two tasks have ended:

>>> from time import sleep
>>> from django.core.management import call_command
>>> from django.test import Client
>>> from django.urls import reverse
>>> from django_q.tasks import async_task
>>> from cookbook.recipes.metrics.models import Finished
>>> call_command("createcachetable")
>>> ids = [async_task("math.sqrt", 4), async_task("math.sqrt", -1)]
>>> while Finished.objects.count() < 2:
...     sleep(0.1)
>>> page = Client(SERVER_NAME="localhost").get(reverse("django-q-metrics"))
>>> for line in sorted(page.content.decode().splitlines()):
...     if line.startswith("django_q_tasks_total"):
...         print(line)
django_q_tasks_total{func="math.sqrt",outcome="failure"} 1.0
django_q_tasks_total{func="math.sqrt",outcome="success"} 1.0
"""

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from .collector import DjangoQ

REGISTRY = CollectorRegistry()
REGISTRY.register(DjangoQ())


def metrics(request: HttpRequest) -> HttpResponse:
    """Let only Prometheus reach it: the names of your functions are in it."""
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
