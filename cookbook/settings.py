"""Settings of the cookbook's project, the usual ones of a small Django site."""

import ast
import os
from pathlib import Path

import dj_database_url

from cookbook.catalogue import CLUSTER, recipes

BASE_DIR = Path(__file__).parent
SECRET_KEY = "not-a-secret-because-this-project-is-only-ever-run-on-your-machine"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "cookbook.urls"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_q",
    "django_prodserver",
    # The index and the trigger of a broker would change what others measure.
    *(r.package for r in recipes() if r.has_tables and r.name != "postgres-broker"),
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# A server process and a cluster share one cache, so it must not be LocMem.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": os.environ.get("CACHE_DIR", BASE_DIR / ".cache"),
    }
}
DATABASES = {
    "default": dj_database_url.config(default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
}
SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = SQLITE

Q_CLUSTER = CLUSTER

# The settings that the recipe under test shows on its page.
RECIPE = ast.literal_eval(os.environ.get("RECIPE_SETTINGS", "{}"))
if RECIPE:  # It writes three rows for each task, so a run has to ask for it.
    INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.endswith("audit_trail")]
MIDDLEWARE += RECIPE.pop("MIDDLEWARE", [])
DATABASES["default"] |= RECIPE.pop("DATABASES", {}).get("default", {})
INSTALLED_APPS += [
    app for app in RECIPE.pop("INSTALLED_APPS", []) if app not in INSTALLED_APPS
]
vars().update(RECIPE)
