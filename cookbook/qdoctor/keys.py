"""What a value of each key of Q_CLUSTER may be: its types, choices, least, default."""

from typing import Any

# A switch is true or false as Python sees it, whatever it is.
SWITCH = {
    "kinds": ["bool", "int", "float", "str", "None", "list", "dict", "other"],
    "default": False,
    "switch": True,
}
# With a value that is false these keys count as if they were not there.
NAME = {"kinds": ["str", "None"], "default": None, "absent": True}
TABLE = {"kinds": ["dict", "None"], "default": None, "absent": True}

KEYS: dict[str, Any] = {
    "name": {"kinds": ["str"], "default": "default"},
    "cluster_name": {"kinds": ["str"], "default": None},
    "ALT_CLUSTERS": TABLE,
    "label": {"kinds": ["str", "other"], "default": "Django Q"},
    "log_level": {
        "kinds": ["str"],
        "default": "INFO",
        "choices": [
            "DEBUG",
            "INFO",
            "WARNING",
            "ERROR",
            "CRITICAL",
            "WARN",
            "FATAL",
            "NOTSET",
        ],
    },
    "orm": NAME,
    "redis": {"kinds": ["dict", "str"], "default": {}},
    "django_redis": NAME,
    "sqs": TABLE,
    "mongo": TABLE,
    "mongo_db": NAME,
    "iron_mq": TABLE,
    "broker_class": NAME,
    "workers": {"kinds": ["int", "bool", "None"], "default": None, "least": 0},
    "timeout": {"kinds": ["int", "None"], "default": None, "least": -1},
    "retry": {"kinds": ["int", "float"], "default": 60, "least": 1},
    "max_attempts": {"kinds": ["int", "float"], "default": 0},
    "ack_failures": SWITCH,
    "queue_limit": {"kinds": ["int", "None"], "default": "the square of workers"},
    "bulk": {"kinds": ["int", "float", "None"], "default": 1, "least": 1},
    "poll": {"kinds": ["int", "float"], "default": 0.2, "least": 0},
    "guard_cycle": {"kinds": ["int", "float"], "default": 0.5},
    "recycle": {"kinds": ["int", "float", "None"], "default": 500},
    "max_rss": {"kinds": ["int", "float", "None"], "default": None},
    "daemonize_workers": SWITCH | {"default": True},
    "cpu_affinity": {"kinds": ["int", "None"], "default": 0},
    "scheduler": SWITCH | {"default": True},
    "catch_up": SWITCH | {"default": True},
    "time_zone": {"kinds": ["str"], "default": None},
    "save_limit": {"kinds": ["int", "float"], "default": 250},
    "save_limit_per": {
        "kinds": ["str", "None"],
        "default": None,
        "choices": ["group", "name", "func", None],
    },
    "compress": SWITCH,
    "cache": {"kinds": ["str"], "default": "default"},
    "cached": {"kinds": ["bool", "int", "float", "None"], "default": False},
    "sync": SWITCH,
    "testing": SWITCH,
    "error_reporter": TABLE | {"default": {}},
}

# Django-Q2 takes the first of these that has a value.
BROKERS = ["broker_class", "iron_mq", "sqs", "orm", "mongo", "django_redis", "redis"]

# What redis.Redis() accepts, the addresses that redis.from_url() accepts.
REDIS = [
    "host", "port", "db", "password", "username", "unix_socket_path", "protocol",
    "socket_timeout", "socket_connect_timeout", "socket_read_size", "client_name",
    "socket_keepalive", "socket_keepalive_options", "connection_pool", "ssl",
    "encoding", "encoding_errors", "decode_responses", "retry_on_timeout", "retry",
    "retry_on_error", "ssl_keyfile", "ssl_certfile", "ssl_cert_reqs", "ssl_ca_certs",
    "ssl_ca_path", "ssl_ca_data", "ssl_check_hostname", "ssl_password",
    "ssl_include_verify_flags", "ssl_exclude_verify_flags", "ssl_validate_ocsp",
    "ssl_validate_ocsp_stapled", "ssl_ocsp_context", "ssl_ocsp_expected_cert",
    "ssl_min_version", "ssl_ciphers", "max_connections", "health_check_interval",
    "single_connection_client", "lib_name", "lib_version", "driver_info",
    "redis_connect_func", "credential_provider", "cache", "cache_config",
    "oss_cluster_maint_notifications_handler", "event_dispatcher",
    "maint_notifications_config", "legacy_responses",
]  # fmt: skip
SCHEMES = ["redis://", "rediss://", "unix://"]

# Caches that belong to one process, and one that keeps nothing.
LOCAL = ["locmem.LocMemCache", "dummy.DummyCache"]
