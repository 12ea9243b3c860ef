"""Make the folder an app, so that Django finds its command."""

from django.apps import AppConfig


class MoveConfig(AppConfig):
    name = __package__
    verbose_name = "Move a queue"
