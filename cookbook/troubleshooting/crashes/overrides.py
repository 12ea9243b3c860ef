"""Two ways to let a test run its tasks at once.

How many tasks wait in the queue after `async_task`, and the result:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.crashes.overrides import outcomes
>>> without_cluster(outcomes)
{'override_settings': (1, None), 'patch Conf.SYNC': (0, 7)}
"""

from unittest.mock import patch

from django.conf import settings
from django.test import override_settings
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task, result


def outcomes():
    """Return the tasks in the queue and the result, for each way."""
    ways = {
        "override_settings": override_settings(
            Q_CLUSTER=settings.Q_CLUSTER | {"sync": True}
        ),
        "patch Conf.SYNC": patch.object(Conf, "SYNC", True),
    }
    outcome = {}
    for name, way in ways.items():
        with way:
            value = result(async_task(abs, -7))
        outcome[name] = OrmQ.objects.count(), value
        OrmQ.objects.all().delete()
    return outcome
