"""Connect the receivers."""

from django.apps import AppConfig


class JsonLogsConfig(AppConfig):
    name = __package__
    verbose_name = "JSON logs"

    def ready(self) -> None:
        from .receivers import listen  # It needs the models.

        listen()
