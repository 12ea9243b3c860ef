"""Test edge cases and faults of drain_queue."""

from io import StringIO
from unittest.mock import Mock, patch

from django.core.management import CommandError, call_command
from django.test import TransactionTestCase
from django_q.conf import Conf

from .management.commands import drain_queue


class DrainQueueTests(TransactionTestCase):
    def drain(self, sizes: list, *, has_stopped: bool = True, **options: float) -> str:
        """Drain a queue that has these sizes, one at each look; return what is said."""
        self.cluster = Mock(has_stopped=has_stopped)
        self.cluster.sentinel.is_alive.side_effect = lambda: (
            not self.cluster.stop.called
        )
        out = StringIO()
        with (
            patch.object(drain_queue, "Cluster", return_value=self.cluster),
            patch.object(drain_queue, "queue_size", side_effect=sizes),
            patch.object(drain_queue, "sleep") as self.sleep,
        ):
            call_command("drain_queue", stdout=out, **options)
        return out.getvalue()

    def test_it_stops_when_the_queue_is_empty(self):
        self.assertEqual(self.drain([2, 1, 0, 0]), "0 tasks are left\n")
        self.assertEqual(self.sleep.call_count, 2)

    def test_it_stops_when_the_time_is_over(self):
        self.assertEqual(self.drain([7], seconds=0), "7 tasks are left\n")

    def test_an_empty_queue_is_watched_for_a_while(self):
        self.drain([0, 0, 0, 0], at_least=0.0001)
        self.cluster.stop.assert_called_once()

    def test_a_broker_that_fails_is_asked_again(self):
        with self.assertLogs(drain_queue.__name__, "WARNING"):
            self.assertEqual(self.drain([OSError("gone"), 0, 0]), "0 tasks are left\n")

    def test_a_broker_that_stays_away_is_an_error(self):
        with (
            self.assertLogs(drain_queue.__name__, "WARNING"),
            self.assertRaisesMessage(CommandError, "does not answer"),
        ):
            self.drain([OSError("gone")], seconds=0)

    def test_a_queue_that_no_setting_names_is_never_empty(self):
        with (
            patch.object(Conf, "CLUSTER_NAME", "shpo"),
            self.assertRaisesMessage(CommandError, "no setting names a queue 'shpo'"),
        ):
            self.drain([0])

    def test_a_time_that_is_never_over_is_refused(self):
        for seconds in ("nan", "1e400", "-inf", "soon"):
            with self.subTest(seconds), self.assertRaisesMessage(CommandError, seconds):
                call_command("drain_queue", f"--seconds={seconds}")

    def test_a_cluster_without_its_sentinel_is_an_error(self):
        with (
            patch("django_q.cluster.Sentinel.start"),
            self.assertRaisesMessage(CommandError, "has lost its sentinel"),
        ):
            call_command("drain_queue")
