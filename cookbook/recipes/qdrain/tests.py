"""Test edge cases and faults of qdrain. No cluster is needed."""

import json
from io import StringIO
from unittest.mock import patch

from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import TransactionTestCase, override_settings
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.tasks import async_task

from .busy import begin, end
from .counts import count, queue_names


class QdrainTests(TransactionTestCase):
    def drain(self, *arguments: str) -> str:
        out = StringIO()
        call_command("qdrain", *arguments, stdout=out)
        return out.getvalue()

    def assert_exits(self, code: int, *arguments: str) -> str:
        with self.assertRaises(CommandError) as caught:
            self.drain(*arguments)
        self.assertEqual(caught.exception.returncode, code)
        return str(caught.exception)

    def test_an_empty_queue_is_drained(self):
        self.assertIn("drained", self.drain())

    def test_a_waiting_task_is_not(self):
        async_task("math.sqrt", 4)
        self.assertIn("not drained", self.assert_exits(1, "--seconds", "0"))

    def test_a_fetched_task_is_not(self):
        async_task("math.sqrt", 4)
        get_broker().dequeue()  # It stays locked until it is acknowledged.
        own = queue_names()[0]
        self.assertEqual(count([own]), {own: 0, "fetched": 1})
        self.assert_exits(1, "--seconds", "0")

    def test_json_is_one_line(self):
        report = json.loads(self.drain("--json"))
        self.assertTrue(report["drained"])

    def test_an_unknown_queue_is_an_error(self):
        self.assertIn("'shpo'", self.assert_exits(2, "--queue", "shpo"))

    def test_a_time_that_is_never_over_is_refused(self):
        for seconds in ("nan", "1e400", "-inf", "soon"):
            self.assertIn(seconds, self.assert_exits(1, f"--seconds={seconds}"))

    def test_another_queue_is_not_looked_at(self):
        own = queue_names()[0]
        with override_settings(Q_CLUSTER={"name": own, "ALT_CLUSTERS": {"mail": {}}}):
            async_task("math.sqrt", 4, cluster="mail")
            self.assertIn("drained", self.drain("--queue", own))
            self.assert_exits(1, "--queue", "mail", "--seconds", "0")

    def test_a_broker_that_does_not_answer_is_an_error(self):
        with patch.object(
            type(get_broker()), "queue_size", side_effect=OSError("gone")
        ):
            self.assertIn("does not answer: gone", self.assert_exits(2))

    def test_it_listens_where_the_broker_is_redis(self):
        others = dict.fromkeys(
            ("BROKER_CLASS", "DJANGO_REDIS", "IRON_MQ", "MONGO", "ORM", "SQS")
        )
        own = {"BROKER_CLASS": "shop.Broker"}
        for changes, calls in (({}, 1), ({"REDIS": "redis://queue"}, 1),
                               ({"DJANGO_REDIS": "default"}, 1), ({"SQS": {}}, 0),
                               ({"ORM": "default", "REDIS": "redis://queue"}, 0),
                               (own, 0), (own | {"REDIS": "redis://queue"}, 1),
                               ):  # fmt: skip
            settings = others | {"REDIS": {}} | changes
            with (
                self.subTest(changes),
                patch.multiple(Conf, **settings),
                patch(f"{begin.__module__}.listen") as listen,
            ):
                apps.get_containing_app_config(__name__).ready()
                self.assertEqual(listen.call_count, calls)

    def test_a_task_survives_a_broker_that_cannot_be_marked(self):
        with (
            patch.object(Conf, "CLUSTER_NAME", "shop"),
            patch("django_q.brokers.Broker.set_stat", side_effect=OSError("gone")),
            self.assertLogs(begin.__module__, "WARNING") as logs,
        ):
            begin()
            end()
        self.assertEqual(len(logs.output), 2)
