"""The URLs of the workflows."""

from django.urls import path

from . import views

app_name = "long_workflow"
urlpatterns = [
    path("", views.start, name="start"),
    path("<uuid:pk>/", views.page, name="page"),
    path("<uuid:pk>/status/", views.status, name="status"),
]
