"""How often a cluster looks for schedules that are due.

The calls of the scheduler in 600 cycles of the sentinel, which takes no pauses here:

>>> from cookbook.troubleshooting.schedules.looks import count_looks
>>> count_looks(guard_cycle=0), count_looks(guard_cycle=0.5)
(0, 10)
"""

from types import SimpleNamespace
from unittest.mock import Mock, patch

from django_q.cluster import Sentinel
from django_q.conf import Conf


def count_looks(guard_cycle, cycles=600):
    """Run the guard of a sentinel without processes and without pauses."""
    stopped = Mock(side_effect=[False] * (cycles - 1) + [True])
    sentinel = Mock(pool=[], stop_event=SimpleNamespace(wait=stopped))
    with (
        patch.object(Conf, "GUARD_CYCLE", guard_cycle),
        patch("django_q.cluster.humanize", str),
        patch("django_q.cluster.Stat"),
        patch("django_q.cluster.scheduler") as called,
    ):
        Sentinel.guard(sentinel)
    return called.call_count
