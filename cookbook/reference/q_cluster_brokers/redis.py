"""redis: where the Redis is that holds the queue.

>>> import redis
>>> import textwrap
>>> from inspect import signature
>>> from cookbook.harness.trial import redis_with_password
>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_brokers import ask
>>> from cookbook.reference.q_cluster_brokers.redis import landed, run, send
>>> with redis_with_password() as at:
...     landed(at, {"host": at.host, "port": at.port, "password": at.password})
...     landed(at, {"unix_socket_path": at.socket, "password": at.password})
...     landed(at, {"port": at.port, "password": at.password, "db": 3})
...     landed(at, f"redis://:{at.password}@{at.host}:{at.port}/4")
...     landed(at, f"unix://:{at.password}@{at.socket}?db=5")
{0: ['django_q:shop:q']}
{0: ['django_q:shop:q']}
{3: ['django_q:shop:q']}
{4: ['django_q:shop:q']}
{5: ['django_q:shop:q']}

A cluster works with it:

>>> with redis_with_password() as at:
...     run({"unix_socket_path": at.socket, "password": at.password})
1

At the edges:

>>> with redis_with_password() as at:
...     landed(at, {"port": at.port})
...     landed(at, {"port": at.port, "password": "wrong"})
...     landed(at, {"port": at.port, "password": at.password, "db": 99})
'AuthenticationError: HELLO must be called with the client already authenticated...
'AuthenticationError: invalid username-password pair or user is disabled.'
'ResponseError: DB index is out of range'
>>> ask(send, redis={"port": 1})
'ConnectionError: Error ... connecting to localhost:1. Connection refused.'
>>> ask(send, redis={"hostname": "localhost"})
"TypeError: Redis.__init__() got an unexpected keyword argument 'hostname'"
>>> ask(send, redis="localhost:6379")
'ValueError: Redis URL must specify one of the following schemes (redis://, ...'
>>> ask(send, redis=None)
'TypeError: redis.client.Redis() argument after ** must be a mapping, not NoneType'

Every sub-key that redis-py accepts:

>>> print(textwrap.fill(", ".join(sorted(signature(redis.Redis).parameters)), 72))
cache, cache_config, client_name, connection_pool, credential_provider,
db, decode_responses, driver_info, encoding, encoding_errors,
event_dispatcher, health_check_interval, host, legacy_responses,
lib_name, lib_version, maint_notifications_config, max_connections,
oss_cluster_maint_notifications_handler, password, port, protocol,
redis_connect_func, retry, retry_on_error, retry_on_timeout,
single_connection_client, socket_connect_timeout, socket_keepalive,
socket_keepalive_options, socket_read_size, socket_timeout, ssl,
ssl_ca_certs, ssl_ca_data, ssl_ca_path, ssl_cert_reqs, ssl_certfile,
ssl_check_hostname, ssl_ciphers, ssl_exclude_verify_flags,
ssl_include_verify_flags, ssl_keyfile, ssl_min_version,
ssl_ocsp_context, ssl_ocsp_expected_cert, ssl_password,
ssl_validate_ocsp, ssl_validate_ocsp_stapled, unix_socket_path, username

Who reads it:

>>> readers("redis")
['brokers/redis_broker.py']
"""

import redis
from django_q.tasks import async_task, result

from cookbook.harness.trial import beside, note

from . import ask


def send():
    async_task(abs, -1)


def landed(at, address):
    """Send a task; return `{database of Redis: its keys}`, or the error."""
    return ask(send, redis=address) or contents(at)


def contents(at):
    """Empty a Redis and return what was in it."""
    found = {}
    for db in range(16):
        with redis.Redis(at.host, at.port, db, at.password) as client:
            if keys := [key.decode() for key in client.scan_iter()]:
                found[db] = keys
            client.flushdb()
    return found


def work():
    """Start a cluster, let it do a task and return its result."""
    return beside(lambda: result(async_task(abs, -1), wait=20_000))


def run(address):
    """Start a cluster with this Redis and return the result of a task."""
    note("cluster")
    return ask(work, redis=address)
