"""Which queues are refused, and what that does to a schedule."""

from django.conf import settings
from django.test import (
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
)
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task

from . import tasks
from .queues import move, queue_names, waiting


class TaskTests(SimpleTestCase):
    def test_what_the_tasks_return(self):
        self.assertEqual(tasks.send_receipt(7), "receipt 7 is sent")
        self.assertEqual(tasks.write_report(7), "report 7 is written")
        self.assertEqual(tasks.archive(7), "order 7 is archived")


class QueuesTests(TestCase):
    def test_a_queue_of_the_settings_is_accepted(self):
        for queue in queue_names():
            async_task("math.sqrt", 4, cluster=queue)
        self.assertEqual(waiting(), dict.fromkeys(sorted(queue_names()), 1))

    def test_a_task_without_a_queue_is_accepted(self):
        async_task("math.sqrt", 4)
        self.assertEqual(waiting(), {queue_names()[0]: 1})

    def test_an_unknown_queue_is_refused(self):
        with self.assertRaisesMessage(LookupError, "no cluster serves 'hihg', only "):
            async_task("math.sqrt", 4, cluster="hihg")
        self.assertEqual(waiting(), {})

    def test_without_names_in_the_settings(self):
        with override_settings(Q_CLUSTER={}):
            self.assertEqual(queue_names(), ["default"])

    def test_cluster_name_is_the_default_queue(self):
        keys = settings.Q_CLUSTER | {"cluster_name": "mail"}
        with override_settings(Q_CLUSTER=keys):
            self.assertEqual(queue_names()[0], "mail")

    def test_tasks_are_moved(self):
        async_task("math.sqrt", 4)
        OrmQ.objects.update(key="hihg")  # As if it were from before the receiver.
        self.assertEqual(move("hihg", "high"), 1)
        self.assertEqual(waiting(), {"high": 1})


class ScheduleTests(TransactionTestCase):  # The scheduler closes its connection.
    def test_a_schedule_of_an_unknown_queue_holds_up_the_others(self):
        for q_options in ({"cluster": "hihg"}, {}):
            Schedule.objects.create(
                func="math.sqrt", args="4", kwargs={"q_options": q_options}
            )
        with self.assertLogs("django-q", "ERROR") as logs:
            scheduler()
        self.assertIn("LookupError: no cluster serves 'hihg'", logs.output[0])
        self.assertEqual(waiting(), {})
