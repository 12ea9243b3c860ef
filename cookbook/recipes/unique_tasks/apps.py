"""Free the key of a task that has ended, where the broker is Redis."""

from django.apps import AppConfig
from django_q.conf import Conf


class UniqueTasksConfig(AppConfig):
    name = __package__
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Unique tasks"

    def ready(self) -> None:
        if Conf.ORM:
            return  # There a key ends with the row of its task.
        from .unique_redis import listen

        listen()
