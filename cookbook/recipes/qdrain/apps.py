"""Let each worker mark the task that it runs, where the broker keeps no lock."""

from django.apps import AppConfig
from django_q.conf import Conf


class DrainConfig(AppConfig):
    name = __package__
    verbose_name = "Drain before a deploy"

    def ready(self) -> None:
        from .busy import listen  # It needs the models of Django-Q2.

        # Without a key that names another broker, it is Redis on this machine.
        sqs = isinstance(Conf.SQS, dict)
        own = Conf.BROKER_CLASS and not (Conf.REDIS or Conf.DJANGO_REDIS)
        if not any((own, Conf.IRON_MQ, sqs, Conf.ORM, Conf.MONGO)):
            listen()
