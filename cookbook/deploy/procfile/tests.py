"""Whether a clean stop of the cluster fits into the time that the platform gives."""

from math import ceil

from django.test import SimpleTestCase
from django_q.conf import Conf

SECONDS = 30  # Heroku kills what is left of a dyno after these.
SPARE = 10  # The signal has to arrive, and the processes have to end.


def longest_stop() -> float:
    """Return the seconds that a stop with a full memory takes, without the spare."""
    rounds = 1 + ceil((Conf.QUEUE_LIMIT + Conf.BULK) / Conf.WORKERS)
    return rounds * Conf.TIMEOUT


class ProcfileTests(SimpleTestCase):
    def test_every_task_has_a_timeout(self):
        self.assertIsNotNone(Conf.TIMEOUT, "set a timeout in Q_CLUSTER")

    def test_a_clean_stop_fits(self):
        self.assertLessEqual(
            longest_stop() + SPARE,
            SECONDS,
            "lower timeout or queue_limit in Q_CLUSTER",
        )
