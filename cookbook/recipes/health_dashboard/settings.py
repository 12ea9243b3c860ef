"""Heartbeats have to be in a cache that the web server can read as well."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

# SQLite only: else two processes that write at once meet a lock.
DATABASES = {"default": {"OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"}}}

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 300,
    "queue_limit": 2,
}
