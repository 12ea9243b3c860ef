"""stop_grace_period: 100s is enough for these keys. qhealth reads the cache."""

Q_CLUSTER = {"workers": 2, "queue_limit": 2, "timeout": 30, "retry": 120}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
