"""Registers the checks of this app."""

from django.apps import AppConfig


class ClubConfig(AppConfig):
    name = __package__
    label = "club"  # SQLite refuses tables whose names begin with "sqlite_".
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks  # noqa: F401  Importing them registers them.
