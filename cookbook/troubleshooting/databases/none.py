"""Read the schedules in a project without a database, and in one that has one.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.databases.none import find_schedules
>>> without_cluster(find_schedules, False)
'settings.DATABASES is improperly configured. Please supply the ENGINE value...'
>>> without_cluster(find_schedules, True)
'0 schedules'
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django_q.models import Schedule


def find_schedules(database):
    """Count the schedules, with a database and without."""
    if not database:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"]["ENGINE"] = "django.db.backends.dummy"
    try:
        return f"{Schedule.objects.count()} schedules"
    except ImproperlyConfigured as error:
        return str(error)
