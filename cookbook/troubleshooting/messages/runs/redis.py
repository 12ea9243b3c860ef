"""Send tasks to a Redis that does not take them.

`error` gives the key `redis` of Q_CLUSTER a value and sends a task with the Redis
broker, in this process. What `async_task` raises here, the pusher of a cluster logs.
"""

import secrets
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import format_exception_only
from unittest.mock import patch

from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf
from django_q.tasks import async_task

from cookbook.harness.trial import REDIS_SERVER, redis_with_password, wait_until


def send(broker):
    async_task("builtins.abs", -1, broker=broker)


def error(address, use=send):
    """Return the last line of the traceback with this value of the key `redis`."""
    with patch.object(Conf, "REDIS", address):
        try:
            use(Redis("shop"))
        except Exception as error:
            return format_exception_only(error)[-1].strip()


def refused():
    """Send a task to a port where no Redis listens.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.refused())
    redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:1. Connection refused.
    """
    return error("redis://127.0.0.1:1")


def without_password(address="redis://{0.host}:{0.port}"):
    """Send a task without the password that the server wants.

    The second one with the protocol of older releases of redis-py:

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.without_password())
    redis.exceptions.AuthenticationError: HELLO must be called with the client already authenticated, ...
    >>> print(redis.without_password("redis://{0.host}:{0.port}?protocol=2"))
    redis.exceptions.AuthenticationError: Authentication required.
    """
    with redis_with_password() as server:
        return error(address.format(server))


def wrong_password():
    """Send a task with another password.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.wrong_password())
    redis.exceptions.AuthenticationError: invalid username-password pair or user is disabled.
    """
    return without_password("redis://:guess@{0.host}:{0.port}")


def changed(*command):
    """Return the error after this command has changed the server."""
    with redis_with_password() as server:
        address = f"redis://:{server.password}@{server.host}:{server.port}"
        error(address, lambda broker: broker.connection.execute_command(*command))
        return error(address)


def full():
    """Send a task to a server whose memory is used up.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.full())
    redis.exceptions.OutOfMemoryError: command not allowed when used memory > 'maxmemory'.
    """
    return changed("CONFIG", "SET", "maxmemory", 1)


def replica():
    """Send a task to a replica.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.replica())
    redis.exceptions.ReadOnlyError: You can't write against a read only replica.
    """
    return changed("REPLICAOF", "127.0.0.1", 1)


def impatient():
    """Fetch with a `socket_timeout` below the second for which the pusher waits.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.impatient())
    redis.exceptions.TimeoutError: Timeout reading from ...
    """
    with redis_with_password() as server:
        address = {"host": server.host, "port": server.port, "password": "secret"}
        return error(address | {"socket_timeout": 0.1}, Redis.dequeue)


def charset():
    """Use a keyword that redis-py no longer has.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.charset())
    TypeError: ...__init__() got an unexpected keyword argument 'charset'
    """
    return error({"host": "127.0.0.1", "charset": "utf-8"})


def free_port():
    """Return a free port to which a node of a Redis Cluster can add 10,000."""
    port = 65535
    while port > 55535:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    return port


@contextmanager
def node(mine, others):
    """Give the address of a node of a Redis Cluster; another node has other slots."""
    port = free_port()
    here = f"127.0.0.1:{port}@{port + 10000} myself,master - 0 0 1 connected {mine}"
    there = f"127.0.0.1:1@10001 master - 0 0 2 connected {others}"
    nodes = [f"{secrets.token_hex(20)} {node}\n" for node in (here, there)]
    options = {"bind": "127.0.0.1", "port": port, "save": "", "cluster-enabled": "yes"}
    options["cluster-node-timeout"] = 600_000  # So it takes the other for alive.
    with TemporaryDirectory() as folder:
        text = "".join([*nodes, "vars currentEpoch 2 lastVoteEpoch 0\n"])
        Path(folder, "nodes.conf").write_text(text)
        words = [word for k, v in options.items() for word in (f"--{k}", str(v))]
        server = subprocess.Popen(
            [REDIS_SERVER, *words], cwd=folder, stdout=subprocess.DEVNULL
        )
        try:
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait()


def once_up(address, use=send):
    """Return the error as soon as the node has joined its cluster."""

    def answer():
        line = error(address, use)
        return (
            None
            if (line and "is down" in line) or "refused" in (line or "")
            else [line]
        )

    return wait_until(answer, 30, lambda: f"the node is not up: {error(address)}")[0]


def moved():
    """Send a task to a node of a Redis Cluster that does not hold the queue.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.moved())
    redis.exceptions.MovedError: 1105 127.0.0.1:1
    """
    with node(mine="", others="0-16383") as address:
        return once_up(address)


def two_slots():
    """Read the heartbeats of two clusters from a Redis Cluster, as `qmonitor` does.

    >>> from cookbook.troubleshooting.messages.runs import redis
    >>> print(redis.two_slots())
    redis.exceptions.ClusterCrossSlotError: Keys in request don't hash to the same slot
    """

    def beat(broker):
        for cluster in "12":
            broker.set_stat(f"django_q:shop:cluster:{cluster}", "alive", 3)
        broker.get_stats("django_q:shop:cluster:*")

    with node(mine="0-16383", others="") as address:
        return once_up(address, beat)
