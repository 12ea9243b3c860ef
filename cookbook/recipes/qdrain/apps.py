"""Let each worker mark the task that it runs, where the broker keeps no lock."""

from django.apps import AppConfig
from django_q.conf import Conf


class DrainConfig(AppConfig):
    name = __package__
    verbose_name = "Drain before a deploy"

    def ready(self) -> None:
        from .busy import listen  # It needs the models of Django-Q2.

        if Conf.REDIS or Conf.DJANGO_REDIS:
            listen()
