"""Install the command `qhealth`."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = __package__
    verbose_name = "Health of the clusters"
