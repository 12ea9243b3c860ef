"""Connect the receiver."""

from django.apps import AppConfig


class ErrorReportsConfig(AppConfig):
    name = __package__
    verbose_name = "Error reports"

    def ready(self) -> None:
        from .reports import listen  # It needs the models.

        listen()
