"""Test the supervisor when clusters die and when the broker is down."""

import signal
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest.mock import Mock, patch

from django.test import SimpleTestCase

from . import fleet, supervisor

CLUSTER = [sys.executable, "-c", "import signal; signal.pause()"]
BROKEN = OSError("refused")


class WantedTests(SimpleTestCase):
    def test_one_cluster_for_each_ten_tasks(self):
        wanted = {0: 1, 1: 1, 10: 1, 11: 2, 20: 2, 21: 3, 5000: 3}
        for waiting, clusters in wanted.items():
            number = fleet.wanted(waiting, least=1, most=3, each=10)
            self.assertEqual(number, clusters, waiting)


class FleetTests(SimpleTestCase):
    def setUp(self):
        self.fleet = fleet.Fleet(CLUSTER, hold=3)
        self.addCleanup(self.end)

    def end(self):
        for cluster in self.fleet.working + self.fleet.stopping:
            cluster.kill()
            cluster.wait()

    def counts(self):
        return len(self.fleet.working), len(self.fleet.stopping)

    def test_up_at_once(self):
        self.fleet.follow(3, now=0)
        self.assertEqual(self.counts(), (3, 0))

    def test_down_one_after_the_other(self):
        self.fleet.follow(3, now=0)
        newest = self.fleet.working[-1]
        newest.terminate = lambda: None  # It finishes a long task.
        for now, counts in {1: (3, 0), 4: (3, 0), 5: (2, 1), 99: (2, 1)}.items():
            self.fleet.follow(1, now)
            self.assertEqual(self.counts(), counts, now)
        newest.kill()
        newest.wait()
        for now, counts in {100: (2, 0), 104: (1, 1)}.items():
            self.fleet.follow(1, now)
            self.assertEqual(self.counts(), counts, now)

    def test_a_short_lull_stops_nothing(self):
        for now, number in enumerate([2, 1, 1, 1, 2, 1, 1, 1]):
            self.fleet.follow(number, now)
        self.assertEqual(self.counts(), (2, 0))

    def test_what_is_stopping_counts(self):
        self.fleet.follow(2, now=0)
        self.fleet.working[-1].terminate = lambda: None
        self.fleet.follow(1, now=1)
        self.fleet.follow(1, now=5)
        self.fleet.follow(2, now=6)
        self.assertEqual(self.counts(), (1, 1))
        self.fleet.follow(3, now=7)
        self.assertEqual(self.counts(), (2, 1))

    def test_a_cluster_that_died_is_started_again(self):
        self.fleet.follow(1, now=0)
        [dead] = self.fleet.working
        dead.kill()
        dead.wait()
        self.fleet.follow(1, now=1)
        self.assertEqual(self.counts(), (1, 0))
        self.assertIsNot(self.fleet.working[0], dead)


class SuperviseTests(SimpleTestCase):
    def supervise(self, looks, failures=()):
        """Return what it prints when the broker gives these answers, after failures."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        printed, clusters = StringIO(), fleet.Fleet(CLUSTER, hold=3)
        with (
            patch.object(supervisor, "get_broker") as broker,
            patch.object(supervisor.time, "sleep"),
            redirect_stdout(printed),
        ):
            answers = Mock(queue_size=Mock(side_effect=looks))
            broker.side_effect = [*failures, answers]
            try:
                supervisor.supervise(clusters, least=1, most=3, each=10)
            except Exception as error:
                self.error = error
        return [line.partition(" ")[2] for line in printed.getvalue().splitlines()]

    def test_the_broker_is_away(self):
        def end():
            yield from [25, BROKEN, BROKEN, 24]
            signal.raise_signal(signal.SIGTERM)
            yield 24

        lines = self.supervise(end())
        self.assertEqual([line.partition(" ")[2] for line in lines[:3]], [
            "25 waiting, 3 working, 0 stopping",
            "OSError('refused'), 3 working, 0 stopping",
            "24 waiting, 3 working, 0 stopping",
        ])  # fmt: skip
        self.assertEqual(lines[3:], ["with -15 -15 -15"])

    def test_the_broker_is_away_from_the_start(self):
        def end():
            yield 9
            signal.raise_signal(signal.SIGTERM)
            yield 9

        lines = self.supervise(end(), failures=[BROKEN])
        self.assertIn("OSError('refused'), 1 working", lines[0])
        self.assertIn("9 waiting, 1 working", lines[1])

    def test_signals_stop_all_clusters(self):
        def look(number):
            signal.raise_signal(number)
            yield 11

        for number in (signal.SIGTERM, signal.SIGINT):
            self.assertEqual(self.supervise(look(number))[1:], ["with -15 -15"])

    def test_an_error_of_its_own_stops_all_clusters(self):
        with patch.object(fleet.Fleet, "start", side_effect=MemoryError):
            self.assertEqual(self.supervise([11]), ["with"])
        self.assertIsInstance(self.error, MemoryError)


class OptionTests(SimpleTestCase):
    def refusal(self, *arguments):
        printed = StringIO()
        with (
            patch.object(sys, "argv", ["supervisor", *arguments]),
            redirect_stderr(printed),
            self.assertRaises(SystemExit),
        ):
            supervisor.main()
        return printed.getvalue().splitlines()[-1]

    def test_bad_options(self):
        for bad in (["--least", "0"], ["--most", "0"], ["--each", "0"]):
            self.assertIn("are 1 or more", self.refusal(*bad, *CLUSTER))
        self.assertIn("python manage.py qcluster", self.refusal())
        self.assertIn("of seconds", self.refusal("--hold", "nan", *CLUSTER))

    def test_a_queue_that_no_setting_names(self):
        with patch.object(supervisor.Conf, "CLUSTER_NAME", "shpo"):
            self.assertIn("a queue 'shpo'", self.refusal(*CLUSTER))
