"""An app, so that Django finds its command."""

from django.apps import AppConfig


class WithoutDaemonsConfig(AppConfig):
    name = __package__
    verbose_name = "The queue without a daemon"
