"""What each broker needs in the settings; only the ports were others when it ran.

>>> from cookbook.backend.worker_brokers.configurations import (
...     DJANGO_REDIS, REDIS, REDIS_URL,
... )
>>> from cookbook.backend.worker_brokers.runs import moved, work
>>> from cookbook.harness.trial import redis_with_password
>>> with redis_with_password() as at:
...     for settings in (REDIS, REDIS_URL, DJANGO_REDIS):
...         work(moved(settings, at.port))
[('Redis 6.2.14', 'no')]
[('Redis 6.2.14', 'no')]
[('Redis 6.2.14', 'no')]
"""

ORM = {
    "Q_CLUSTER": {"name": "shop", "orm": "default", "timeout": 60, "retry": 600},
    "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
}

REDIS = {
    "Q_CLUSTER": {
        "name": "shop",
        "redis": {"host": "127.0.0.1", "port": 6379, "db": 1, "password": "secret"},
        "timeout": 60,
        "retry": 600,
    }
}

REDIS_URL = {
    "Q_CLUSTER": {
        "name": "shop",
        "redis": "redis://:secret@127.0.0.1:6379/1",
        "timeout": 60,
        "retry": 600,
    }
}

REDIS_TLS = {
    "Q_CLUSTER": {
        "name": "shop",
        "redis": "rediss://:secret@127.0.0.1:6379/1?ssl_ca_certs=/etc/ssl/queue.pem",
        "timeout": 60,
        "retry": 600,
    }
}

DJANGO_REDIS = {
    "CACHES": {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": "redis://:secret@127.0.0.1:6379/1",
        }
    },
    "Q_CLUSTER": {
        "name": "shop",
        "django_redis": "default",
        "timeout": 60,
        "retry": 600,
    },
}

SENTINEL = {
    "CACHES": {
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
    },
    "Q_CLUSTER": {
        "name": "shop",
        "django_redis": "default",
        "timeout": 60,
        "retry": 600,
    },
}

SQS = {
    "Q_CLUSTER": {
        "name": "shop",
        "sqs": {"aws_region": "eu-central-1", "receive_message_wait_time_seconds": 1},
        "timeout": 60,
        "retry": 600,
    }
}

MYSQL = {
    "Q_CLUSTER": {"name": "shop", "orm": "default", "timeout": 60, "retry": 600},
    "DATABASES": {
        "default": {"ENGINE": "django.db.backends.mysql", "CONN_MAX_AGE": 600}
    },
}

MONGODB = {
    "Q_CLUSTER": {
        "name": "shop",
        "mongo": {"host": "mongodb://127.0.0.1:27017/"},
        "mongo_db": "shop",
        "timeout": 60,
        "retry": 600,
    }
}
