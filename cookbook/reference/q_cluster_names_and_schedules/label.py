"""label: the heading over Django-Q2's tables in the admin.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.reference.q_cluster_names_and_schedules.label import edges, heading
>>> without_cluster(heading)
'Django Q'

Other values:

>>> print(edges())
| Value | What happens |
| --- | --- |
| `"Background work"` | *Background work* |
| `None` | `AttributeError: 'NoneType' object has no attribute 'lower'` |
"""

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory

from cookbook.harness.trial import table, without_cluster


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


def edges():
    return table({
        '`"Background work"`': f"*{without_cluster(heading, label='Background work')}*",
        "`None`": f"`{without_cluster(heading, label=None)}`",
    })  # fmt: skip
