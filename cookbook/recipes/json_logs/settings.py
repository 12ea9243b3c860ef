"""Text in development, one JSON object a line in production."""

Q_CLUSTER = {}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request id": {"()": "cookbook.recipes.json_logs.request_ids.RequestIdFilter"},
        "in development": {"()": "django.utils.log.RequireDebugTrue"},
        "in production": {"()": "django.utils.log.RequireDebugFalse"},
    },
    "formatters": {
        "text": {
            "format": "{asctime} {levelname} {name} {message} {request_id}",
            "style": "{",
        },
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime} {levelname} {name} {message} {request_id}",
            "style": "{",
        },
    },
    "handlers": {
        "terminal": {
            "class": "logging.StreamHandler",
            "filters": ["request id", "in development"],
            "formatter": "text",
        },
        "lines": {
            "class": "logging.StreamHandler",
            "filters": ["request id", "in production"],
            "formatter": "json",
        },
    },
    "loggers": {
        "tasks": {
            "handlers": ["terminal", "lines"],
            "level": "INFO",
            "propagate": False,
        },
        "django-q": {
            "handlers": ["terminal", "lines"],
            "level": "WARNING",
            "propagate": False,
        },
    },
}
