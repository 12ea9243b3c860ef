"""What a value of each key of Q_CLUSTER may be, and what a wrong name may have meant.

`kinds` are the types that Django-Q2 uses as they are meant; with those in `odd` it
runs, but does something else. With `absent`, a value that is false counts as if the
key were not there. Other values are errors, but only where Django-Q2 reads the key:
`brokers` are the ones that do.
"""

from typing import Any

ANY = ["bool", "int", "float", "str", "None", "list", "dict", "other"]
# A switch is true or false as Python sees it, whatever it is.
SWITCH = {"kinds": ANY, "default": False, "switch": True}
TABLE = {"kinds": ["dict", "None"], "default": None, "absent": True}
TEXT = {"kinds": ["str", "None"], "default": None, "absent": True}
NUMBER = ["int", "float", "bool"]

KEYS: dict[str, Any] = {
    "name": {"kinds": ["str"], "default": "default", "filled": True},
    "cluster_name": {
        "kinds": ["str"],
        "default": None,
        "odd": ANY,
        "effect": "which is no name of a queue",
    },
    "ALT_CLUSTERS": TABLE | {"odd": ANY, "effect": "so it names no cluster"},
    "label": {
        "kinds": ["str", "other"],
        "default": "Django Q",
        "odd": ANY,
        "effect": "which is no title for the admin",
    },
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
    "orm": TEXT | {"brokers": ["orm"]},
    "redis": {"kinds": ["dict", "str"], "default": {}, "brokers": ["redis"]},
    "django_redis": TEXT | {"brokers": ["django_redis"]},
    "sqs": TABLE | {"odd": ANY, "effect": "so it is ignored"},
    "mongo": TABLE | {"brokers": ["mongo"]},
    "mongo_db": TEXT | {"brokers": ["mongo"]},
    "iron_mq": TABLE | {"brokers": ["iron_mq"]},
    "broker_class": TEXT,
    "workers": {
        "kinds": ["int", "bool", "None"],
        "default": None,
        "absent": True,
        "least": 1,
    },
    "timeout": {
        "kinds": ["int", "bool", "None"],
        "default": None,
        "least": -2_147_483_648,
        "most": 2_147_483_647,
    },
    "retry": {"kinds": NUMBER, "default": 60},
    "max_attempts": {"kinds": NUMBER, "default": 0},
    "ack_failures": SWITCH,
    "queue_limit": {
        "kinds": ["int", "bool", "None"],
        "default": "the square of workers",
        "absent": True,
        "most": 2_147_483_647,
    },
    "bulk": {
        "kinds": [*NUMBER, "None"],
        "default": 1,
        "least": 1,
        "most": 1e18,
        "brokers": ["orm", "sqs"],
    },
    "poll": {
        "kinds": NUMBER,
        "default": 0.2,
        "least": 0,
        "most": 9e9,
        "brokers": ["orm", "mongo"],
    },
    "guard_cycle": {"kinds": NUMBER, "default": 0.5, "most": 1e18},
    "recycle": {
        "kinds": [*NUMBER, "None"],
        "default": 500,
        "odd": ANY,
        "effect": "so no worker is ever recycled",
    },
    "max_rss": {"kinds": [*NUMBER, "None"], "default": None, "absent": True},
    "daemonize_workers": SWITCH | {"default": True},
    "cpu_affinity": {"kinds": ["int", "bool", "None"], "default": 0, "absent": True},
    "scheduler": SWITCH | {"default": True},
    "catch_up": SWITCH | {"default": True},
    "time_zone": {"kinds": ANY, "default": None},
    "save_limit": {"kinds": NUMBER, "default": 250},
    "save_limit_per": {
        "kinds": ["str", "None"],
        "default": None,
        "absent": True,
        "odd": ["bool", "int", "float", "other"],
        "effect": "so it is ignored",
    },
    "compress": SWITCH,
    "cache": {"kinds": ["str"], "default": "default"},
    "cached": {"kinds": [*NUMBER, "None"], "default": False, "absent": True},
    "sync": SWITCH,
    "testing": SWITCH,
    "error_reporter": TABLE | {"default": {}},
}

# What somebody may have meant who did not misspell a key, but knew another name of it.
MEANINGS = {
    "max_retries": "max_attempts", "max_retry": "max_attempts",
    "retries": "max_attempts", "attempts": "max_attempts",
    "max_tries": "max_attempts", "retry_limit": "max_attempts",
    "retry_after": "retry", "retry_delay": "retry", "visibility_timeout": "retry",
    "redis_url": "redis", "broker": "redis", "broker_url": "redis",
    "redis_host": "redis", "database": "orm", "db": "orm", "django_orm": "orm",
    "concurrency": "workers", "num_workers": "workers", "worker_count": "workers",
    "max_workers": "workers", "processes": "workers", "threads": "workers",
    "time_limit": "timeout", "task_timeout": "timeout", "job_timeout": "timeout",
    "prefetch": "queue_limit", "queue_size": "queue_limit",
    "max_queue": "queue_limit", "bulk_size": "bulk", "batch_size": "bulk",
    "poll_interval": "poll", "polling_interval": "poll",
    "max_tasks_per_child": "recycle", "max_memory": "max_rss",
    "max_memory_per_child": "max_rss", "acknowledge_failures": "ack_failures",
    "result_limit": "save_limit", "keep_results": "save_limit",
    "always_eager": "sync", "task_always_eager": "sync", "eager": "sync",
    "queue": "cluster_name", "queue_name": "cluster_name", "prefix": "name",
    "alt_clusters": "ALT_CLUSTERS", "clusters": "ALT_CLUSTERS",
    "tz": "time_zone", "logging": "log_level", "compression": "compress",
    "sentry": "error_reporter", "rollbar": "error_reporter",
}  # fmt: skip

# Django-Q2 takes the first of these that has a value.
BROKERS = ["broker_class", "iron_mq", "sqs", "orm", "mongo", "django_redis", "redis"]
# Django-Q2's own classes, and the key that has the same effect.
CLASSES = {
    "django_q.brokers.ironmq.IronMQBroker": "iron_mq",
    "django_q.brokers.aws_sqs.Sqs": "sqs",
    "django_q.brokers.orm.ORM": "orm",
    "django_q.brokers.mongo.Mongo": "mongo",
    "django_q.brokers.redis_broker.Redis": "redis",
}
# The module that a broker imports, and the package to install for it.
NEEDS = {
    "redis": ["redis", "redis"],
    "django_redis": ["redis", "redis"],
    "sqs": ["boto3", "boto3"],
    "mongo": ["pymongo", "pymongo"],
    "iron_mq": ["iron_mq", "iron-mq"],
}

# What each driver accepts; an installed one is asked for its own arguments.
DRIVERS = {
    "redis": "redis.Redis()",
    "sqs": "boto3.Session()",
    "mongo": "MongoClient()",
    "iron_mq": "IronMQ()",
}
ARGUMENTS = {
    "redis": [
        "host", "port", "db", "password", "username", "unix_socket_path", "protocol",
        "socket_timeout", "socket_connect_timeout", "socket_read_size", "client_name",
        "socket_keepalive", "socket_keepalive_options", "connection_pool", "ssl",
        "encoding", "encoding_errors", "decode_responses", "retry_on_timeout", "retry",
        "retry_on_error", "ssl_keyfile", "ssl_certfile", "ssl_cert_reqs",
        "ssl_ca_certs", "ssl_ca_path", "ssl_ca_data", "ssl_check_hostname",
        "ssl_password",
        "ssl_include_verify_flags", "ssl_exclude_verify_flags", "ssl_validate_ocsp",
        "ssl_validate_ocsp_stapled", "ssl_ocsp_context", "ssl_ocsp_expected_cert",
        "ssl_min_version", "ssl_ciphers", "max_connections", "health_check_interval",
        "single_connection_client", "lib_name", "lib_version", "driver_info",
        "redis_connect_func", "credential_provider", "cache", "cache_config",
        "oss_cluster_maint_notifications_handler", "event_dispatcher",
        "maint_notifications_config", "legacy_responses",
    ],
    "sqs": [
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token",
        "region_name", "botocore_session", "profile_name", "aws_account_id",
        "aws_region", "receive_message_wait_time_seconds",
    ],
    "mongo": [
        "host", "port", "appname", "authmechanism", "authmechanismproperties",
        "authoidcallowedhosts", "authsource", "auto_encryption_opts",
        "compressors", "connect", "connecttimeoutms", "datetime_conversion",
        "directconnection", "document_class", "driver",
        "enable_overload_retargeting", "enableoverloadretargeting",
        "event_listeners", "fsync", "heartbeatfrequencyms", "journal",
        "loadbalanced", "localthresholdms", "max_adaptive_retries",
        "maxadaptiveretries", "maxconnecting", "maxidletimems", "maxpoolsize",
        "maxstalenessseconds", "minpoolsize", "password", "read_preference",
        "readconcernlevel", "readpreference", "readpreferencetags",
        "replicaset", "retryreads", "retrywrites", "server_api",
        "server_selector", "servermonitoringmode", "serverselectiontimeoutms",
        "sockettimeoutms", "srv_host_validator", "srvallowedhostssuffix",
        "srvmaxhosts", "srvservicename", "ssl", "timeoutms", "tls",
        "tlsallowinvalidcertificates", "tlsallowinvalidhostnames", "tlscafile",
        "tlscertificatekeyfile", "tlscertificatekeyfilepassword", "tlscrlfile",
        "tlsdisableocspendpointcheck", "tlsinsecure", "type_registry",
        "tz_aware", "tzinfo", "unicode_decode_error_handler", "username",
        "uuidrepresentation", "w", "waitqueuemultiple", "waitqueuetimeoutms",
        "wtimeoutms", "zlibcompressionlevel",
    ],
    "iron_mq": [
        "name", "host", "project_id", "token", "protocol", "port", "api_version",
        "config_file", "keystone", "cloud", "path_prefix",
    ],
}  # fmt: skip
# Other names of these arguments.
DRIVER_MEANINGS = {
    "sqs.region": "aws_region",
    "sqs.aws_key_id": "aws_access_key_id",
    "sqs.access_key": "aws_access_key_id",
    "sqs.key": "aws_access_key_id",
    "sqs.aws_secret_key": "aws_secret_access_key",
    "sqs.secret_key": "aws_secret_access_key",
    "sqs.secret": "aws_secret_access_key",
    "sqs.wait_time_seconds": "receive_message_wait_time_seconds",
    "mongo.uri": "host",
    "mongo.url": "host",
    "mongo.user": "username",
}
LABEL_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
SCHEMES = ["redis://", "rediss://", "unix://"]
MONGO_SCHEMES = ["mongodb://", "mongodb+srv://"]

# Caches that belong to one process, and one that keeps nothing.
LOCAL = ["locmem.LocMemCache", "dummy.DummyCache"]
