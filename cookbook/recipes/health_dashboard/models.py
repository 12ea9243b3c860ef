"""A name under which the page stands in the admin; it has no table."""

from django_q.models import Task


class Health(Task):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "Health of the queues"
