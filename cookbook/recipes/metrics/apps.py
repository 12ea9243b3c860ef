"""Connect the receivers that count."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = __package__
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Metrics of Django-Q2"

    def ready(self) -> None:
        from .receivers import listen  # It needs the models.

        listen()
