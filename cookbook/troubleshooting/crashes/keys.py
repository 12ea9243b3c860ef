"""A misspelt key, a switch that is a text, and a number that is a text.

What Django-Q2 uses in the place of each, and with the right value:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.crashes.keys import value
>>> without_cluster(value, "MAX_ATTEMPTS", max_attempt=3)
0
>>> without_cluster(value, "MAX_ATTEMPTS", max_attempts=3)
3
>>> bool(without_cluster(value, "SYNC", sync="False"))
True
>>> without_cluster(value, "RECYCLE", recycle="500")
'500'
"""

from django_q.conf import Conf


def value(name):
    """Return what Django-Q2 has made of a key."""
    return getattr(Conf, name)
