"""Connect the receivers that collect results."""

from django.apps import AppConfig


class BatchedResultsConfig(AppConfig):
    name = __package__
    verbose_name = "Batched results"

    def ready(self) -> None:
        from .receivers import listen  # It needs the models.

        listen()
