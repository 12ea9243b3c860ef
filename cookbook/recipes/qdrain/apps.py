"""Let each worker say that it is busy, where the broker cannot say it."""

from django.apps import AppConfig
from django_q.conf import Conf


class DrainConfig(AppConfig):
    name = __package__
    verbose_name = "Drain before a deploy"

    def ready(self):
        from .busy import listen  # It needs the models of Django-Q2.

        if Conf.REDIS or Conf.DJANGO_REDIS:
            listen()
