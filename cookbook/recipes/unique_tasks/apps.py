"""Free the key of a task that has ended, where the broker is Redis."""

from django.apps import AppConfig
from django_q.conf import Conf


class UniqueTasksConfig(AppConfig):
    name = __package__
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Unique tasks"

    def ready(self) -> None:
        # With the ORM broker a key ends with the row of its task.
        others = (Conf.ORM, Conf.SQS, Conf.MONGO, Conf.IRON_MQ, Conf.BROKER_CLASS)
        if not any(others):
            from .unique_redis import listen

            listen()
