"""redis: the address of the Redis that holds the queue.

A Redis has a password. A task is sent:

>>> from cookbook.reference.q_cluster_brokers.redis import edges, run, sub_keys
>>> print(edges())
| Value | Where the task is |
| --- | --- |
| `{"host": ..., "port": ..., "password": ...}` | `django_q:shop:q` in database 0 |
| `{"unix_socket_path": ..., "password": ...}` | `django_q:shop:q` in database 0 |
| `{"port": ..., "password": ..., "db": 3}` | `django_q:shop:q` in database 3 |
| `"redis://:PASSWORD@HOST:PORT/4"` | `django_q:shop:q` in database 4 |
| `"unix://:PASSWORD@PATH?db=5"` | `django_q:shop:q` in database 5 |
| No password | `AuthenticationError: HELLO must be called with the client ...` |
| Wrong password | `AuthenticationError: invalid username-password pair or user ...` |
| `db`: 99 | `ResponseError: DB index is out of range` |
| No server at the `port` | `ConnectionError: Error ... connecting to ...` |
| `hostname` | `TypeError: Redis.__init__() got an unexpected keyword argument ...` |
| No scheme: `localhost:6379` | `ValueError: Redis URL must specify one of the ...` |
| `None` | `TypeError: redis.client.Redis() argument after ** must be a mapping, ...` |

A cluster runs a task with such a dictionary:

>>> from cookbook.harness.trial import redis_with_password
>>> with redis_with_password() as at:
...     run({"unix_socket_path": at.socket, "password": at.password})
1

The sub-keys that the installed redis-py accepts:

>>> import textwrap
>>> print(textwrap.fill(", ".join(sub_keys()), 72))
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
"""

from inspect import signature

import redis
from django_q.tasks import async_task, result

from cookbook.harness.trial import beside, note, redis_with_password

from . import ask, code, short_table


def send():
    async_task(abs, -1)


def land(at, address):
    """Send a task; return `{database of Redis: its keys}`, or the error."""
    return ask(send, redis=address) or contents(at)


def contents(at):
    """Empty a Redis and return what was in it."""
    places = {}
    for db in range(16):
        with redis.Redis(at.host, at.port, db, at.password) as client:
            if keys := [key.decode() for key in client.scan_iter()]:
                places[db] = keys
            client.flushdb()
    return places


def work():
    """Start a cluster, let it do a task and return its result."""
    return beside(lambda: result(async_task(abs, -1), wait=20_000))


def run(address):
    """Start a cluster with this Redis and return the result of a task."""
    note("cluster")
    return ask(work, redis=address)


def describe(outcome):
    if isinstance(outcome, str):
        return code(outcome)
    places = [f"`{key}` in database {db}" for db, [key] in outcome.items()]
    return ", ".join(places) or "Not in Redis"


def edges():
    with redis_with_password() as at:
        port, secret = {"port": at.port}, {"password": at.password}
        inside = {"unix_socket_path": at.socket}
        addresses = {
            '`{"host": ..., "port": ..., "password": ...}`': (
                {"host": at.host} | port | secret
            ),
            '`{"unix_socket_path": ..., "password": ...}`': inside | secret,
            '`{"port": ..., "password": ..., "db": 3}`': port | secret | {"db": 3},
            '`"redis://:PASSWORD@HOST:PORT/4"`': (
                f"redis://:{at.password}@{at.host}:{at.port}/4"
            ),
            '`"unix://:PASSWORD@PATH?db=5"`': (
                f"unix://:{at.password}@{at.socket}?db=5"
            ),
            "No password": port,
            "Wrong password": port | {"password": "wrong"},
            "`db`: 99": port | secret | {"db": 99},
            "No server at the `port`": {"port": 1},
            "`hostname`": {"hostname": at.host},
            "No scheme: `localhost:6379`": "localhost:6379",
            "`None`": None,
        }
        rows = {text: describe(land(at, key)) for text, key in addresses.items()}
    return short_table(rows, ("Value", "Where the task is"))


def sub_keys():
    return sorted(signature(redis.Redis).parameters)
