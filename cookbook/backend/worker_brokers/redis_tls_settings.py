"""Redis behind TLS."""

Q_CLUSTER = {
    "name": "shop",
    "redis": "rediss://:secret@127.0.0.1:6379/1?ssl_ca_certs=/etc/ssl/queue.pem",
    "timeout": 60,
    "retry": 600,
}
