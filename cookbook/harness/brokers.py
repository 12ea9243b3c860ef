"""Servers of brokers that few experiments need: Redis with a password, moto's SQS."""

import logging
import os
import socket
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from urllib.request import Request, urlopen

from cookbook.harness.servers import redis_process


@contextmanager
def redis_with_password():
    """Give the host, port, password and socket of a new, empty Redis."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    password = "secret"
    options = ("--bind", host, "--port", str(port), "--requirepass", password)
    with (
        TemporaryDirectory(dir=os.environ["COOKBOOK_RUN"]) as folder,
        redis_process(folder, *options) as place,
    ):
        yield SimpleNamespace(host=host, port=port, password=password, socket=place)


@contextmanager
def sqs_server():
    """Start moto's server in this process; give the environment that leads to it."""
    from moto.server import ThreadedMotoServer  # It takes a second; no task needs it.

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # It reports each request.
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    try:
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }
    finally:
        # What moto keeps belongs to the process, not to the server.
        urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()
        server.stop()
