"""Options of a PostgreSQL connection over a network that can fail.

>>> from cookbook.scaling.many_hosts import NETWORK
>>> DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
>>> DATABASES["default"] |= NETWORK
>>> DATABASES["default"]["OPTIONS"]["connect_timeout"]
5
"""

NETWORK = {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        # Seconds: a host sees after a minute that it is cut off.
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        # Milliseconds: what was sent must be confirmed; then what PostgreSQL allows a
        # host that has a transaction open and is silent.
        "tcp_user_timeout": 60_000,
        "options": "-c idle_in_transaction_session_timeout=60000",
    },
}
