"""Every line in development, the important ones in production."""

Q_CLUSTER = {}

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
