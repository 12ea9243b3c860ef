"""Connects the receivers in every process that starts Django."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = __package__

    def ready(self):
        from . import receivers  # noqa: F401  Importing them connects them.
