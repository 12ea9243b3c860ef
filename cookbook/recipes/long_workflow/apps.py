"""Make the folder an app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = __package__
    verbose_name = "Long workflows"
