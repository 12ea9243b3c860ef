"""Test edge cases, faults and races of signing anew. No cluster or Redis needed."""

from importlib.util import find_spec
from io import StringIO
from unittest import skipUnless
from unittest.mock import Mock, patch

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task

from . import signatures
from .brokers import RollingORM
from .management.commands import resign_queue
from .signatures import resign, resign_list, resign_rows

OLD = "the-key-of-last-year"


class FakeRedis(list):
    """A connection to a Redis that holds one list."""

    def lrange(self, key, start, end):
        return [package.encode() for package in self]

    def eval(self, script, keys, key, shift, *swaps):
        places, fresh = swaps[::3], swaps[2::3]
        for place, package in zip(places, fresh, strict=True):
            self[place] = package
        return [shift, len(places)]

    def blpop(self, key, seconds):
        return (key, self.pop(0).encode()) if self else None


def old_package(content: str = "task") -> str:
    with patch.object(Conf, "SECRET_KEY", OLD):
        return SignedPackage.dumps(content)


# A project may refuse a queue that its settings do not name.
QUEUES = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"mail": {}, "reports": {}}}


@override_settings(SECRET_KEY_FALLBACKS=[OLD], Q_CLUSTER=QUEUES)
class ResignTests(TestCase):
    def enqueue(self, *queues: str) -> None:
        with patch.object(Conf, "SECRET_KEY", OLD):
            for queue in queues:
                async_task("math.sqrt", 4, cluster=queue)

    def test_a_package_of_the_old_key_is_signed_with_the_new_one(self):
        with self.assertRaises(BadSignature):
            SignedPackage.loads(old_package())
        self.assertEqual(SignedPackage.loads(resign(old_package())), "task")

    def test_other_packages_stay_as_they_are(self):
        for package in (
            SignedPackage.dumps("new"),
            "of:another:project",
            "",
            ":",
            "\ufffd",
        ):
            self.assertEqual(resign(package), package)

    def test_a_key_that_is_no_fallback_is_not_accepted(self):
        with override_settings(SECRET_KEY_FALLBACKS=[]):
            self.assertEqual(resign(old_package()), old_package())

    def test_it_does_not_unpickle(self):
        package = old_package()
        with patch("pickle.loads", side_effect=AssertionError):
            self.assertNotEqual(resign(package), package)

    def test_rows_of_all_queues_or_of_some(self):
        self.enqueue("mail", "mail", "reports")
        self.assertEqual(resign_rows(["mail"]), (2, 2))
        self.assertEqual(resign_rows([]), (1, 3))
        self.assertEqual(resign_rows([]), (0, 3))

    def test_rows_are_read_in_pages_and_those_that_come_meanwhile_are_not(self):
        self.enqueue("mail", "mail", "mail")

        def add(package):
            self.enqueue("mail")
            return resign(package)

        with (
            patch.object(signatures, "resign", add),
            patch.object(signatures, "PAGE", 2),
        ):
            self.assertEqual(resign_rows(["mail"]), (3, 3))
        self.assertEqual(resign_rows(["mail"]), (3, 6))

    def test_a_row_that_is_acknowledged_meanwhile_does_not_come_back(self):
        self.enqueue("mail")

        def acknowledge(package):
            OrmQ.objects.all().delete()
            return resign(package)

        with patch.object(signatures, "resign", acknowledge):
            self.assertEqual(resign_rows([]), (0, 1))
        self.assertFalse(OrmQ.objects.exists())

    def test_a_list_keeps_its_order(self):
        packages = [old_package(str(place)) for place in range(250)]
        connection = FakeRedis([*packages[:200], "foreign", *packages[200:]])
        self.assertEqual(resign_list(connection, "key"), (250, 251))
        self.assertEqual(connection.pop(200), "foreign")
        values = [SignedPackage.loads(package) for package in connection]
        self.assertEqual(values, [str(place) for place in range(250)])

    def test_the_brokers_hand_out_the_new_signature(self):
        self.enqueue("mail")
        ((_, package),) = RollingORM("mail").dequeue()
        self.assertEqual(SignedPackage.loads(package)["func"], "math.sqrt")

    @skipUnless(find_spec("redis"), "redis is not installed")
    def test_the_redis_broker_hands_out_the_new_signature(self):
        from .redis_brokers import RollingRedis

        connection = FakeRedis([old_package()])
        with patch.object(RollingRedis, "get_connection", return_value=connection):
            broker = RollingRedis("mail")
        self.assertEqual(SignedPackage.loads(broker.dequeue()[0][1]), "task")
        self.assertEqual(broker.dequeue(), [])


@override_settings(SECRET_KEY_FALLBACKS=[OLD])
class CommandTests(TestCase):
    def resign_queue(self, *queues: str) -> str:
        out = StringIO()
        call_command("resign_queue", *queues, stdout=out)
        return out.getvalue().strip()

    def test_a_queue_that_does_not_exist_is_refused(self):
        with self.assertRaisesMessage(CommandError, "no setting names a queue 'shpo'"):
            self.resign_queue("shpo")

    def test_a_queue_that_the_settings_no_longer_name_is_signed(self):
        OrmQ.objects.create(key="past", payload=old_package(), lock=timezone.now())
        self.assertEqual(self.resign_queue("past"), "1 of 1 signed anew")
        self.assertEqual(self.resign_queue("past"), "0 of 1 signed anew")

    def test_on_redis_all_queues_of_the_settings(self):
        cluster = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"mail": {}}}
        connection = FakeRedis([old_package()])
        with (
            override_settings(Q_CLUSTER=cluster),
            patch.object(
                resign_queue,
                "get_broker",
                lambda queue=None: Mock(list_key=queue, connection=connection),
            ),
        ):
            self.assertEqual(self.resign_queue(), "1 of 2 signed anew")
            self.assertEqual(self.resign_queue("mail"), "0 of 1 signed anew")
            # The queue of the settings is signed in a process of another one, too.
            with patch.object(Conf, "CLUSTER_NAME", "mail"):
                self.assertEqual(self.resign_queue(), "0 of 2 signed anew")

    def test_another_broker_is_refused(self):
        with (
            patch.object(resign_queue, "get_broker", Mock),
            self.assertRaisesMessage(CommandError, "only ORM and Redis"),
        ):
            self.resign_queue()

    def test_a_broker_that_does_not_answer_is_an_error(self):
        with (
            patch.object(resign_queue, "resign_rows", side_effect=OSError("gone")),
            self.assertRaisesMessage(CommandError, "does not answer: gone"),
        ):
            self.resign_queue()
