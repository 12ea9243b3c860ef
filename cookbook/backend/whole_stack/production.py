"""One settings file: two web servers and a worker."""

import os

from cookbook.settings import *  # noqa: F403

ROOT_URLCONF = "cookbook.backend.whole_stack.urls"
WSGI_APPLICATION = "cookbook.backend.whole_stack.wsgi.application"

Q_CLUSTER = {
    "name": "stack",
    "orm": "default",
    "workers": 1,
    "timeout": 60,
    "retry": 240,
}

PRODUCTION_PROCESSES = {
    "gunicorn": {
        "BACKEND": "django_prodserver.backends.servers.gunicorn.GunicornServer",
        "ARGS": {"bind": f"127.0.0.1:{os.environ['GUNICORN_PORT']}", "workers": "1"},
    },
    "granian": {
        "BACKEND": "django_prodserver.backends.servers.granian.GranianWSGIServer",
        "ARGS": {
            "address": "127.0.0.1",
            "port": os.environ["GRANIAN_PORT"],
            "workers": "1",
        },
    },
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
}
