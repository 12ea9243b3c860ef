"""Settings for Django-Q2, to add to the end of the project's settings."""

INSTALLED_APPS += ["django_q", "news"]

DATABASES["default"]["OPTIONS"] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}

Q_CLUSTER = {
    "name": "news",
    "orm": "default",
    "workers": 2,
    "timeout": 5,
    "retry": 10,
    "max_attempts": 2,
}
