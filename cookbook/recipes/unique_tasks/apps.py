"""Free the key of a task that has ended, where the broker is Redis."""

from django.apps import AppConfig
from django_q.conf import Conf


class UniqueTasksConfig(AppConfig):
    name = __package__
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Unique tasks"

    def ready(self) -> None:
        # With the ORM broker a key ends with the row of its task. Without a key that
        # names another broker, it is Redis on this machine.
        sqs = isinstance(Conf.SQS, dict)
        own = Conf.BROKER_CLASS and not (Conf.REDIS or Conf.DJANGO_REDIS)
        if not any((own, Conf.IRON_MQ, sqs, Conf.ORM, Conf.MONGO)):
            from .unique_redis import listen

            listen()
