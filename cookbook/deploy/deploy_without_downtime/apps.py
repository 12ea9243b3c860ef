"""An app, so that Django finds its command."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    name = __package__
    verbose_name = "Deploy without downtime"
