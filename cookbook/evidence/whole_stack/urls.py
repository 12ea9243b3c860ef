"""The two addresses of the site."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.count),
    path("<str:task_id>/", views.counted, name="counted"),
]
