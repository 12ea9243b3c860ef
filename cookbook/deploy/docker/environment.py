"""What stands at the end of the project's settings: the database comes from outside."""

import dj_database_url

DATABASES = {"default": dj_database_url.config(conn_max_age=600)}

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "timeout": 30,
    "retry": 120,
}
