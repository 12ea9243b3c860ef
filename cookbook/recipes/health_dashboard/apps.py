"""The name of the section in the admin."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = __package__
    verbose_name = "Health of Django-Q2"
