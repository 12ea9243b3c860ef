"""Make the folder an app, so that Django finds its command."""

from django.apps import AppConfig


class RollConfig(AppConfig):
    name = __package__
    verbose_name = "Roll SECRET_KEY"
