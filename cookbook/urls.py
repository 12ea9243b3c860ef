"""Addresses of the cookbook's project: the admin, and every recipe that has some."""

from pathlib import Path

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *(
        path(
            f"{urls.parent.name.replace('_', '-')}/",
            include(f"cookbook.{urls.parent.parent.name}.{urls.parent.name}.urls"),
        )
        for urls in sorted(Path(__file__).parent.glob("*/*/urls.py"))
    ),
]
