"""Its tests make the tables of Procrastinate."""

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
