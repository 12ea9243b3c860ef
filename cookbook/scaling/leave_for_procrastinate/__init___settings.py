"""Procrastinate is a set of tables and functions of PostgreSQL."""

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
