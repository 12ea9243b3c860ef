"""Let each worker know the id of the task that it runs."""

from django.apps import AppConfig


class CancelConfig(AppConfig):
    name = __package__
    verbose_name = "Cancel tasks"

    def ready(self) -> None:
        from .running import listen  # It needs the models.

        listen()
