"""The address that Prometheus asks."""

from django.urls import path

from .views import metrics

urlpatterns = [path("", metrics, name="django-q-metrics")]
