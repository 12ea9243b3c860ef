"""Refuse a misspelt queue in every process that sends tasks."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = __package__
    verbose_name = "Queues"

    def ready(self) -> None:
        from django_q.signals import pre_enqueue  # It needs the models of Django-Q2.

        from .queues import refuse_unknown

        pre_enqueue.connect(refuse_unknown)
