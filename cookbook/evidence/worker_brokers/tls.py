"""A Redis behind TLS: a forwarder takes the certificate, as stunnel would.

Needs: cryptography.

With the certificate that the server has, and with that of somebody else:

>>> from cookbook.evidence.worker_brokers.runs import page_settings, work
>>> from cookbook.evidence.worker_brokers.tls import (
...     at_server, certificate, forwarder, ping,
... )
>>> from cookbook.harness.trial import redis_with_password
>>> tls = page_settings("redis_tls")
>>> with redis_with_password() as server, certificate() as own:
...     with forwarder(own, server.port) as port:
...         work(at_server(tls, port, own))
[('Redis 6.2.14', 'no')]
>>> with certificate() as own, certificate() as other:
...     with forwarder(own, port=1) as port:
...         ping(at_server(tls, port, other))
Traceback (most recent call last):
    ...
redis.exceptions.ConnectionError: ... certificate verify failed: ...
"""

import ast
import asyncio
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django_q.brokers.redis_broker import Redis

from . import runs


@contextmanager
def certificate():
    """Give a file with a new certificate for 127.0.0.1, and its key.

    The key is the server's secret: a client needs the certificate alone.
    """
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "queue")])
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(
        pem,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "queue.pem"
        file.write_bytes(made.public_bytes(pem) + secret)
        yield str(file)


async def copy(reader, writer):
    """Write what is read, until one side has closed."""
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def forwarder(own, port):
    """Give a port that speaks TLS, and hands on to a port that does not."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(own)
    loop = asyncio.new_event_loop()

    async def forward(reader, writer):
        inside = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, inside[1]), copy(inside[0], writer))

    server = loop.run_until_complete(
        asyncio.start_server(forward, "127.0.0.1", 0, ssl=tls)
    )
    threading.Thread(target=loop.run_forever, daemon=True).start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)


def at_server(settings, port, file):
    """Return settings with the port and the certificate of a server that runs now."""
    here = repr(runs.at_port(settings, port)).replace("/etc/ssl/queue.pem", file)
    return ast.literal_eval(here)


def ping(settings):
    """Ask the server, with the broker of Django-Q2, whether it is there."""
    with patch("django_q.conf.Conf.REDIS", settings["Q_CLUSTER"]["redis"]):
        Redis("shop").ping()
