"""What to add to the settings of a site that keeps everything in one SQLite file."""

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
}

Q_CLUSTER = {
    "name": "club",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "timeout": 60,
    "retry": 240,
    "max_attempts": 3,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "in development": {"()": "django.utils.log.RequireDebugTrue"},
        "in production": {"()": "django.utils.log.RequireDebugFalse"},
    },
    "formatters": {
        "tasks": {"format": "{asctime} {levelname} {message}", "style": "{"},
    },
    "handlers": {
        "everything": {
            "class": "logging.StreamHandler",
            "filters": ["in development"],
            "formatter": "tasks",
        },
        "the important": {
            "class": "logging.StreamHandler",
            "filters": ["in production"],
            "formatter": "tasks",
            "level": "INFO",
        },
    },
    "loggers": {
        "django-q": {
            "handlers": ["everything", "the important"],
            "level": "DEBUG",
            "propagate": False,
        },
    },
}
