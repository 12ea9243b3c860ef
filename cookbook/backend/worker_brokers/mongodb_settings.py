"""MongoDB."""

Q_CLUSTER = {
    "name": "shop",
    "mongo": {"host": "mongodb://127.0.0.1:27017/"},
    "mongo_db": "shop",
    "timeout": 60,
    "retry": 600,
}
