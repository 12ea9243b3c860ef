"""Connect the receivers that write the trail."""

from django.apps import AppConfig


class AuditTrailConfig(AppConfig):
    name = __package__
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        from .receivers import listen  # It needs the models.

        listen()
