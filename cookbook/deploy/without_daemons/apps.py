"""An app, so that Django finds its command."""

from django.apps import AppConfig


class WithoutDaemonsConfig(AppConfig):
    name = __package__
