"""What the examples of the page run under; the cache is a table of the database."""

Q_CLUSTER = {"name": "shop", "orm": "default", "workers": 1, "timeout": 30, "retry": 60}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
DATABASES = {"default": {"OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}}}
