"""What stands at the end of the project's settings: secrets come from outside.

Needs: gunicorn, dj-database-url, psycopg[binary].
"""

import os

import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
DATABASES = {
    "default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)
}
