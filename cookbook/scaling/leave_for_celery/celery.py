"""The app of Celery; its settings are Django's, with the prefix CELERY_."""

from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks([__package__])
