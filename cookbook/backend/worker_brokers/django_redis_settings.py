"""The Redis of a cache."""

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "redis://:secret@127.0.0.1:6379/1",
    }
}

Q_CLUSTER = {"name": "shop", "django_redis": "default", "timeout": 60, "retry": 600}
