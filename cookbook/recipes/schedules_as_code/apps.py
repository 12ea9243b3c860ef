"""Watch each schedule that is saved."""

from django.apps import AppConfig


class SchedulesAsCodeConfig(AppConfig):
    name = __package__
    verbose_name = "Schedules as code"

    def ready(self) -> None:
        from .pause import listen

        listen()
