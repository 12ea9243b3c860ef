"""The links of the filter beside the list of successful tasks, for 300 groups.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.admin.lists import count_links
>>> without_cluster(count_links, "django_q.admin")
300
>>> without_cluster(count_links, "cookbook.troubleshooting.admin.short_list")
0
"""

from importlib import import_module

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_q.models import Success


def count_links(module):
    """Return how many groups the page offers that this module registers."""
    import_module(module)
    now = timezone.now()
    Success.objects.bulk_create(
        Success(id=f"{n}", name="t", func="f", group=f"g{n}", started=now, stopped=now)
        for n in range(300)
    )
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.create_superuser("ada"))
    page = browser.get("/admin/django_q/success/").content.decode()
    assert "Resubmit" in page
    return page.count('href="?group=')
