"""Heartbeats must be in a cache that the probe can read."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

Q_CLUSTER = {}
