"""Read the database and the secrets from the environment of the container.

Needs: gunicorn, dj-database-url, psycopg[binary].
"""

import os

import dj_database_url

STATIC_ROOT = os.environ.get("STATIC_ROOT")

if "DATABASE_URL" in os.environ:
    SECRET_KEY = os.environ["SECRET_KEY"]
    DEBUG = False
    ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
    DATABASES = {
        "default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)
    }
