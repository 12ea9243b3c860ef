"""Whole errors go to a file of their own. Make it readable for few: chmod 600."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "private": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": "private.log",
            "delay": True,
        },
    },
    "loggers": {"private": {"handlers": ["private"], "propagate": False}},
}

Q_CLUSTER = {}
