"""What a project adds to its settings."""

INSTALLED_APPS = ["django_prodserver"]

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "timeout": 30,
    "retry": 120,
    "max_rss": 200_000,
    "ALT_CLUSTERS": {"priority": {"workers": 1, "queue_limit": 1}},
}

PRODUCTION_PROCESSES = {
    "web": {
        "BACKEND": "django_prodserver.backends.servers.gunicorn.GunicornServer",
        "ARGS": {"bind": "unix:web.sock", "workers": "2"},
    },
    "worker": {
        "BACKEND": "django_prodserver.backends.workers.django_q2.DjangoQ2Worker",
    },
}
