"""Test edge cases and faults of the named worker. No cluster is needed."""

import multiprocessing
import os
import signal
import subprocess
import time
from multiprocessing.connection import Connection
from unittest import skipUnless
from unittest.mock import patch

from django.core.management import CommandError
from django.test import SimpleTestCase, TransactionTestCase, override_settings
from django_q.brokers import get_broker
from django_q.conf import Conf

from .shield import TERM, listen, shield_children
from .workers import NamedWorker, check_broker, choose_queue

FORK = multiprocessing.get_context("fork")


class QueueTests(SimpleTestCase):
    def choose(self, name, own="shop", env=None):
        """Return the arguments of a new start, and the name in its environment."""
        with (
            patch.object(Conf, "CLUSTER_NAME", own),
            patch.dict(os.environ),
            patch("os.execv") as again,
        ):
            choose_queue(name)
            return again.call_args, os.environ.get("Q_CLUSTER_NAME")

    @override_settings(Q_CLUSTER={"name": "shop", "ALT_CLUSTERS": {"priority": {}}})
    def test_a_name_in_alt_clusters_starts_the_process_again(self):
        again, name = self.choose("priority")
        self.assertEqual(name, "priority")
        self.assertEqual(again.args[0], again.args[1][0])

    @override_settings(Q_CLUSTER={"name": "shop", "ALT_CLUSTERS": {"priority": {}}})
    def test_once(self):
        again, _ = self.choose("priority", own="priority")
        self.assertIsNone(again)

    @override_settings(Q_CLUSTER={"name": "shop"})
    def test_the_own_queue_needs_no_new_start(self):
        again, _ = self.choose("shop")
        self.assertIsNone(again)

    @override_settings(Q_CLUSTER={"name": "shop", "cluster_name": "mail"})
    def test_cluster_name_is_the_own_queue(self):
        again, _ = self.choose("mail", own="mail")
        self.assertIsNone(again)
        with self.assertRaisesMessage(CommandError, "use one of mail."):
            self.choose("shop", own="mail")

    @override_settings(Q_CLUSTER={"orm": "default", "ALT_CLUSTERS": {"priority": {}}})
    def test_a_cluster_without_a_name_is_called_default(self):
        with self.assertRaisesMessage(CommandError, "use one of default, priority."):
            choose_queue("prioritty")

    @override_settings(Q_CLUSTER={"name": "shop"})
    def test_a_worker_refuses_an_unknown_name(self):
        worker = NamedWorker(ARGS={"name": "prioritty"})
        with self.assertRaisesMessage(CommandError, "No queue is called 'prioritty'"):
            worker.start_server(*worker.prep_server_args())


class BrokerTests(TransactionTestCase):
    def test_a_broker_that_answers(self):
        with patch("django.db.connections.close_all") as close:
            check_broker()
        close.assert_called_once()

    def test_a_missing_table(self):
        with (
            patch("django_q.models.OrmQ._meta.db_table", "django_q_ormq_of_old"),
            self.assertRaisesMessage(CommandError, "run `manage.py migrate`"),
        ):
            check_broker()

    def test_a_broker_that_does_not_answer(self):
        with (
            patch.object(type(get_broker()), "queue_size", side_effect=OSError("gone")),
            self.assertRaisesMessage(CommandError, "(OSError: gone). Start the broker"),
        ):
            check_broker()

    def test_a_database_that_nobody_configured(self):
        with (
            patch("django_q.conf.Conf.ORM", "another"),
            self.assertRaisesMessage(CommandError, "The queue cannot be read"),
        ):
            check_broker()


def is_blocked() -> bool:
    return signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def report(end: Connection) -> None:
    end.send(is_blocked())


def fork_and_report(end: Connection) -> None:
    """Be a main process: tell whether SIGTERM is blocked in a child, and in itself."""
    shield_children()
    child = FORK.Process(target=report, args=[end])
    child.start()
    child.join()
    report(end)


def work(end: Connection) -> None:
    """Be a worker under the shield."""
    signal.pthread_sigmask(signal.SIG_BLOCK, TERM)
    listen()
    end.send("ready")
    time.sleep(60)


class ShieldTests(SimpleTestCase):
    def start(self, function):
        here, there = FORK.Pipe()
        process = FORK.Process(target=function, args=[there])
        process.start()
        self.addCleanup(process.kill)
        return process, here

    def test_a_child_starts_with_sigterm_blocked(self):
        process, here = self.start(fork_and_report)
        child, main = here.recv(), here.recv()
        process.join()
        self.assertEqual((child, main), (True, False))

    @skipUnless(hasattr(signal, "sigwaitinfo"), "not on macOS")
    def test_a_worker_obeys_its_sentinel_only(self):
        process, here = self.start(work)
        here.recv()
        subprocess.run(["kill", str(process.pid)], check=True)
        process.join(0.5)
        self.assertTrue(process.is_alive())
        os.kill(process.pid, signal.SIGTERM)
        process.join(10)
        self.assertEqual(process.exitcode, 1)
