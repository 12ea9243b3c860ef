"""Make the folder an app, so that Django finds its admin."""

from django.apps import AppConfig


class FailedTasksConfig(AppConfig):
    name = __package__
    verbose_name = "Failed tasks"
