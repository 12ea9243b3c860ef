"""Connect the receivers in every process that starts Django."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = __package__

    def ready(self):
        from .receivers import listen  # It needs the models.

        listen()
