"""Start clusters whose broker does not answer, or refuses to fetch tasks."""

from cookbook.harness.trial import (
    Q_CLUSTER,
    beside,
    logged,
    own_log,
    redis_with_password,
    sqs_server,
    wait_until,
    workspace,
)

KEYS = {key: Q_CLUSTER[key] for key in ("name", "workers", "timeout", "retry")}


def start(function, aws=(), **broker):
    """Call a function, which starts a cluster with this broker; return the log."""
    with workspace({}) as project:
        settings = {"RECIPE_SETTINGS": repr({"Q_CLUSTER": KEYS | broker})}
        return logged(project | dict(aws) | settings, function)


def qcluster():
    """Start a cluster that ends at once."""
    beside(print)


def no_redis():
    """A port where no Redis listens, and a Redis that wants another password.

    >>> from cookbook.troubleshooting.messages.runs import brokers, printed
    >>> for log in brokers.no_redis():
    ...     for words in ("Can not connect", "redis.exceptions", "exited with code"):
    ...         print(printed(log, words))
    ERROR Can not connect to Redis server.
    redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:1. ...
    RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
    ERROR Can not connect to Redis server.
    redis.exceptions.AuthenticationError: invalid username-password pair ...
    RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
    """
    with redis_with_password() as there:
        wrong = f"redis://:wrong@{there.host}:{there.port}/0"
        addresses = ("redis://127.0.0.1:1/0", wrong)
        return [start(qcluster, redis=address) for address in addresses]


def wrong_waits():
    """Two times to wait that the SQS broker refuses: a string, and 21 seconds.

    >>> from cookbook.troubleshooting.messages.runs import brokers, printed
    >>> for log in brokers.wrong_waits():
    ...     print(printed(log, "ERROR"))
    ...     print(printed(log, "ValueError: "))
    ERROR Failed to pull task from broker
    ValueError: receive_message_wait_time_seconds should be int
    ERROR Failed to pull task from broker
    ValueError: receive_message_wait_time_seconds is invalid. Reason: Must be >= 0 ...
    """
    with sqs_server() as aws:
        waits = [{"receive_message_wait_time_seconds": value} for value in ("20", 21)]
        return [start(fetch, aws, sqs=wait) for wait in waits]


def fetch():
    """Start a cluster and wait until it has failed to fetch tasks."""
    beside(wait_until, lambda: "\nValueError" in own_log(), 60, own_log)
