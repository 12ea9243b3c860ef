"""label: the heading over Django-Q2's tables in the admin.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_names_and_schedules.label import heading
>>> without_cluster(heading)
'Django Q'
>>> without_cluster(heading, label="Background work")
'Background work'

At the edges:

>>> without_cluster(heading, label=None)
"AttributeError: 'NoneType' object has no attribute 'lower'"

Who reads it:

>>> readers("label")
['apps.py']
"""

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory


def heading():
    """Return what the admin says over the tables of Django-Q2, or how it fails."""
    admin.autodiscover()
    request = RequestFactory().get("/admin/")
    request.user = User(is_active=True, is_superuser=True)
    try:
        [app] = admin.site.get_app_list(request, "django_q")
    except AttributeError as error:
        return f"{type(error).__name__}: {error}"
    return app["name"]
