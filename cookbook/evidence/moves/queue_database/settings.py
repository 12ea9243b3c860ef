import os

DATABASES["queue"] = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ["QUEUE_DB"],
    "USER": os.environ["POSTGRES_USER"],
    "PASSWORD": os.environ["POSTGRES_PASSWORD"],
    "HOST": os.environ["POSTGRES_HOST"],
    "CONN_MAX_AGE": 600,
}
Q_CLUSTER["orm"] = "queue"

if os.environ.get("QUEUE") == "old":
    Q_CLUSTER["orm"] = "default"
