"""Make the folder an app, so that Django finds its command."""

from django.apps import AppConfig


class SQLiteConfig(AppConfig):
    name = __package__
    verbose_name = "SQLite in production"
