"""The settings of the cookbook without its recipes, whose receivers would take time."""

from cookbook.settings import *
from cookbook.settings import INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if app.startswith("django")]
ROOT_URLCONF = "django.contrib.auth.urls"
