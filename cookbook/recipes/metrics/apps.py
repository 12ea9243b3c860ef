"""Connect the receivers that count."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = __package__
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django_q import signals

        from . import counting

        signals.pre_execute.connect(counting.begin)
        signals.post_execute_in_worker.connect(counting.end)
        signals.post_execute.connect(counting.count)
