"""Two web servers and a worker; keep one of the servers."""

INSTALLED_APPS = ["django_prodserver"]

PRODUCTION_PROCESSES = {
    "gunicorn": {
        "BACKEND": "django_prodserver.backends.servers.gunicorn.GunicornServer",
        "ARGS": {"bind": "127.0.0.1:8000", "workers": "1"},
    },
    "granian": {
        "BACKEND": "django_prodserver.backends.servers.granian.GranianWSGIServer",
        "ARGS": {"address": "127.0.0.1", "port": "8001", "workers": "1"},
    },
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
}
