"""One entry that works, and one for each mistake."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {"name": "shop", "orm": "default", "timeout": 60, "retry": 120}

PRODUCTION_PROCESSES = {
    "queue": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
        "ARGS": {"run-once": None},
    },
    "no-backend": {"ARGS": {}},
    "no-module": {"BACKEND": "django_prodserver.backends.q2.DjangoQ2Worker"},
    "no-class": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.Q2Worker",
    },
    "unknown-argument": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
        "ARGS": {"workers": 4},
    },
    "no-package": {
        "BACKEND": "django_prodserver.backends.servers.gunicorn.GunicornServer",
    },
    "web": {
        "BACKEND": "django_prodserver.backends.dev.django_runserver.DjangoRunserver",
    },
}
