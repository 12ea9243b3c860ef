"""The links of the filter beside the list of successful tasks, for 300 groups.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.admin.lists import count_links
>>> [without_cluster(count_links, name) for name in ("TaskAdmin", "ShortAdmin")]
[300, 0]
"""

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_q.admin import TaskAdmin
from django_q.models import Success


class ShortAdmin(TaskAdmin):
    """The list without the filter of groups and without a count of all rows."""

    list_filter = ("cluster",)
    show_full_result_count = False


def count_links(name):
    """Return how many groups the page of this admin offers."""
    admin.site.unregister(Success)
    admin.site.register(
        Success, {"TaskAdmin": TaskAdmin, "ShortAdmin": ShortAdmin}[name]
    )
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
