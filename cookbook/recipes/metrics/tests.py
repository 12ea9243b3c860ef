"""Test edge cases and faults of the metrics. No cluster is needed."""

import math
import tempfile
from datetime import timedelta
from importlib.util import find_spec
from unittest import skipUnless
from unittest.mock import patch

from django.conf import settings
from django.db import DatabaseError
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils.timezone import now
from django_q.brokers import Broker, get_broker
from django_q.models import OrmQ, Task
from django_q.tasks import async_task
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from .collector import oldest, queue
from .models import BUCKETS, Finished, FinishedManager
from .receivers import begin, count, end

FILES = "django.core.cache.backends.filebased.FileBasedCache"


def a_task(**changes: object) -> dict:
    at = now()
    times = {"started": at, "began": at, "stopped": at}
    return {"func": "math.sqrt", "success": True} | times | changes


@skipUnless(
    find_spec("promql_parser") and find_spec("yaml"), "needs promql-parser and pyyaml"
)
class AlertTests(TestCase):
    def test_each_rule_asks_for_what_is_served(self):
        from .alerts import RULES, check

        Finished.objects.add("shop.tasks.send", "failure", waited=0.2, runtime=3)
        self.assertIn("NoCluster", check(RULES.read_text()))


# A project may refuse a queue that its settings do not name.
QUEUES = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"reports": {}}}


@override_settings(Q_CLUSTER=QUEUES)
class MetricsTests(TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        caches = {"default": {"BACKEND": FILES, "LOCATION": folder}}
        self.enterContext(override_settings(CACHES=caches))

    def scrape(self) -> list[Sample]:
        """Read the page with the parser of Prometheus's own client."""
        page = self.client.get(reverse("django-q-metrics")).content.decode()
        families = text_string_to_metric_families(page)
        return [sample for family in families for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        return sum(
            sample.value
            for sample in self.scrape()
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def test_every_run_is_in_its_buckets(self):
        Finished.objects.add("send", "success", waited=0.05, runtime=2)
        Finished.objects.add("send", "success", waited=2000, runtime=2)
        Finished.objects.add("send", "failure", waited=0.05, runtime=2)
        self.assertEqual(self.value("django_q_tasks_total", func="send"), 3)
        self.assertEqual(self.value("django_q_tasks_total", outcome="failure"), 1)
        self.assertEqual(self.value("django_q_wait_seconds_bucket", le="0.1"), 2)
        self.assertEqual(self.value("django_q_wait_seconds_bucket", le="1800.0"), 2)
        self.assertEqual(self.value("django_q_wait_seconds_bucket", le="+Inf"), 3)
        self.assertEqual(self.value("django_q_run_seconds_bucket", le="1.0"), 0)
        self.assertEqual(self.value("django_q_run_seconds_sum"), 6)
        limits = {s.labels["le"] for s in self.scrape() if "le" in s.labels}
        self.assertEqual(len(limits), len(BUCKETS))

    def test_pruned_results_change_no_counter(self):
        count(a_task())
        Task.objects.all().delete()
        self.assertEqual(self.value("django_q_tasks_total", func="math.sqrt"), 1)
        self.assertEqual(str(Finished.objects.get()), "math.sqrt, success: 1")

    def test_a_clock_that_is_ahead_subtracts_nothing(self):
        count(a_task(started=now() + timedelta(seconds=30)))
        self.assertEqual(self.value("django_q_wait_seconds_sum"), 0)

    def test_a_very_long_name_is_cut(self):
        count(a_task(func="f" * 300))
        self.assertEqual(Finished.objects.get().func, "f" * 256)

    def test_a_task_that_no_receiver_saw_begin_is_counted(self):
        task = a_task()
        del task["began"]
        count(task)
        self.assertEqual(self.value("django_q_tasks_total"), 1)

    def test_a_monitor_survives_what_cannot_be_counted(self):
        down = patch.object(FinishedManager, "add", side_effect=DatabaseError("down"))
        with down, self.assertLogs(count.__module__, "ERROR"):
            count(a_task())
        with self.assertLogs(count.__module__, "ERROR"):
            count({})

    def test_a_worker_survives_a_cache_that_is_down(self):
        with (
            override_settings(CACHES={"default": {"BACKEND": "no.such.Cache"}}),
            self.assertLogs(begin.__module__, "WARNING") as logs,
        ):
            begin(task := {})
            end()
        self.assertEqual(len(logs.output), 2)
        self.assertIn("began", task)

    def test_a_fetched_task_is_locked(self):
        async_task("math.sqrt", 4)
        self.assertEqual(self.value("django_q_queue_size"), 1)
        get_broker().dequeue()
        self.assertEqual(self.value("django_q_queue_size"), 0)
        self.assertEqual(self.value("django_q_locked"), 1)

    def test_the_age_of_a_queue(self):
        other = get_broker("reports")
        self.assertEqual(oldest(other), 0)
        async_task("math.sqrt", 4, cluster="reports")
        self.assertGreater(oldest(other), 0)
        OrmQ.objects.filter(key="reports").update(payload="rubbish")
        self.assertTrue(math.isnan(oldest(other)))

    def test_what_a_broker_cannot_say_is_not_a_number(self):
        for family in queue(Broker("one")):
            with self.subTest(family.name):
                self.assertTrue(math.isnan(family.samples[0].value))
