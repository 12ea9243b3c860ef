"""A Redis that Redis Sentinel watches, through a cache."""

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "redis://queue/1",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.SentinelClient",
            "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
            "SENTINELS": [("127.0.0.1", 26379)],
            "PASSWORD": "secret",
        },
    }
}

Q_CLUSTER = {"name": "shop", "django_redis": "default", "timeout": 60, "retry": 600}
