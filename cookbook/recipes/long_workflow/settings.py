"""Settings for long workflows on the project's own database.

A task that waits in the cluster's memory counts towards `retry`. This is the least
that `retry` has to exceed here, and what 50 and 10 would have asked for, in seconds:

>>> from cookbook.recipes.long_workflow.settings import Q_CLUSTER
>>> from math import ceil
>>> def longest(queue_limit, bulk, workers, timeout, **others):
...     return timeout * (1 + ceil((queue_limit + bulk) / workers))
>>> longest(**Q_CLUSTER), Q_CLUSTER["retry"]
(1200, 1500)
>>> longest(**Q_CLUSTER | {"queue_limit": 50, "bulk": 10})
18600

The name of the logger has a hyphen, and the handler of the root logger serves it:

>>> from django_q import conf
>>> conf.logger.name, conf.logger.handlers, conf.logger.propagate
('django-q', [], True)
"""

Q_CLUSTER = {
    "name": "studio",
    "label": "Background tasks",
    "orm": "default",
    "workers": 2,
    "timeout": 600,
    "retry": 1500,
    "queue_limit": 1,
    "bulk": 1,
    "ack_failures": True,
    "save_limit": 100,
    "compress": True,
    "catch_up": False,
    "max_rss": 300_000,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django-q": {"level": "INFO"}},
}
