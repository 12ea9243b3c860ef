"""Test edge cases and faults of qhealth. No cluster is needed."""

import json
import socket
import tempfile
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from unittest.mock import patch

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import TestCase, override_settings
from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.status import Stat
from django_q.tasks import async_task

from .clusters import stalled
from .packages import age, oldest_packages, poison

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
FILES = "django.core.cache.backends.filebased.FileBasedCache"


def a_cluster(**changes: object) -> SimpleNamespace:
    facts = {"host": socket.gethostname(), "status": "Idle", "pid": 7,
             "cluster_id": "seven", "task_q_size": 0}  # fmt: skip
    return SimpleNamespace(**facts | changes)


# A project may refuse a queue that its settings do not name.
QUEUES = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"one": {}, "two": {}}}


@override_settings(Q_CLUSTER=QUEUES)
class QhealthTests(TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        caches = {"default": {"BACKEND": FILES, "LOCATION": folder}}
        self.enterContext(override_settings(CACHES=caches))

    def see(self, *stats: SimpleNamespace):
        return patch.object(Stat, "get_all", return_value=list(stats))

    def qhealth(self, *arguments: str) -> tuple:
        out = StringIO()
        try:
            call_command("qhealth", "--wait=0", *arguments, stdout=out)
        except SystemExit as end:
            return end.code, out.getvalue().strip()
        return 0, out.getvalue().strip()

    def test_no_cluster_goes_before_a_late_queue(self):
        async_task("math.sqrt", 4)
        code, line = self.qhealth("--late=-1", "--json")
        self.assertEqual(code, 3)
        names = [finding["name"] for finding in json.loads(line)["findings"]]
        self.assertEqual(names, ["NO_CLUSTER", "LATE"])

    def test_live_sees_this_host_only(self):
        with self.see(a_cluster(host="elsewhere")):
            self.assertEqual(self.qhealth("live")[0], 3)
            self.assertEqual(
                self.qhealth("queue"), (0, "HEALTHY: 1 cluster, 0 waiting")
            )

    def test_a_stopped_cluster_is_none(self):
        with self.see(a_cluster(status="Stopped")):
            self.assertEqual(self.qhealth("live")[0], 3)

    def test_live_survives_a_database_that_is_down(self):
        down = patch.object(OrmQ.objects, "using", side_effect=DatabaseError("down"))
        results = patch(
            f"{stalled.__module__}.last_result", side_effect=DatabaseError("down")
        )
        with self.see(a_cluster(task_q_size=2)), down, results:
            self.assertEqual(self.qhealth("live")[0], 0)

    def test_live_survives_a_cache_that_is_down(self):
        with patch.object(Stat, "get_all", side_effect=ConnectionError("refused")):
            line = "UNKNOWN: ConnectionError: refused"
            self.assertEqual(self.qhealth("live"), (0, line))
            self.assertEqual(self.qhealth(), (1, line))

    def test_a_cache_of_one_process_is_a_mistake(self):
        for caches in ({"default": {"BACKEND": LOCMEM}}, {}):
            with self.subTest(caches), override_settings(CACHES=caches):
                code, line = self.qhealth("live")
                self.assertEqual(code, 2)
                self.assertIn("share one in CACHES", line)

    def test_a_queue_that_no_setting_names_is_never_healthy(self):
        with self.see(a_cluster()), patch.object(Conf, "CLUSTER_NAME", "shpo"):
            line = "USAGE: no setting names a queue 'shpo'"
            self.assertEqual(self.qhealth("queue"), (2, line))

    def test_a_time_that_is_never_over_is_refused(self):
        for wait in ("nan", "1e400", "-inf", "soon"):
            with self.subTest(wait), self.assertRaisesMessage(CommandError, wait):
                self.qhealth(f"--wait={wait}")

    def test_a_stall_needs_two_looks(self):
        broker, holds = get_broker(), [a_cluster(task_q_size=2)]
        self.assertEqual(list(stalled(broker, holds, -1)), [])
        self.assertEqual(list(stalled(broker, holds, -1)), holds)
        self.assertEqual(list(stalled(broker, holds, 60)), [])
        self.assertEqual(list(stalled(broker, [a_cluster()], -1)), [])
        self.assertEqual(list(stalled(broker, holds, -1)), [])

    def test_an_outage_of_the_database_is_no_stall(self):
        broker, holds = get_broker(), [a_cluster(task_q_size=2)]
        self.assertEqual(list(stalled(broker, holds, -1)), [])
        name = f"{stalled.__module__}.last_result"
        with patch(name, side_effect=DatabaseError("down")):
            self.assertEqual(list(stalled(broker, holds, -1)), [])
        self.assertEqual(list(stalled(broker, holds, -1)), [])

    def test_two_queues_do_not_share_a_memory(self):
        def fetch(queue: str) -> list[str]:
            later = timezone.now() + timedelta(seconds=60)
            OrmQ.objects.filter(key=queue).update(lock=later)
            broker = get_broker(queue)
            return list(poison(broker, oldest_packages(broker), 3))

        async_task("math.sqrt", 4, cluster="one")
        async_task("math.sqrt", 4, cluster="two")
        self.assertEqual([*fetch("one"), *fetch("two")], [])
        self.assertEqual([*fetch("one"), *fetch("two")], [])
        self.assertIn("was fetched 3 times", *fetch("one"))
        self.assertIn("was fetched 3 times", *fetch("two"))

    def test_an_unreadable_package_has_no_age(self):
        async_task("math.sqrt", 4, cluster="one")
        OrmQ.objects.update(payload="rubbish")
        broker = get_broker("one")
        packages = oldest_packages(broker)
        self.assertEqual(age(packages), 0)
        self.assertIn("cannot be read: BadSignature", *poison(broker, packages, 3))

    def test_a_fetched_task_does_not_wait(self):
        async_task("math.sqrt", 4, cluster="one")
        self.assertGreater(age(oldest_packages(get_broker("one"))), 0)
        get_broker("one").dequeue()
        self.assertEqual(age(oldest_packages(get_broker("one"))), 0)

    def test_other_brokers_are_not_read(self):
        self.assertEqual(oldest_packages(Broker("one")), [])

    def test_codes_are_listed(self):
        self.assertIn("6  POISONED", self.qhealth("--codes")[1])
