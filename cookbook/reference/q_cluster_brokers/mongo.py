"""mongo: the keywords for MongoClient of pymongo.

No server runs here, so no task does. The server, the database and the collection that a
broker uses, and the errors that come before a connection, or instead of one:

>>> from cookbook.reference.q_cluster_brokers.mongo import edges, sub_keys
>>> print(edges())
| Value | What happens |
| --- | --- |
| `{"host": "127.0.0.1"}` | `127.0.0.1:27017 django-q.shop` |
| `{"host": "127.0.0.1", "port": 27018}` | `127.0.0.1:27018 django-q.shop` |
| `{"host": "mongodb://127.0.0.1:27019/website"}` | `127.0.0.1:27019 website.shop` |
| No server at the `port` | `ServerSelectionTimeoutError: 127.0.0.1:1: [Errno ...` |
| `hots` | `ConfigurationError: Unknown option: hots. Did you mean one of (tls, ...` |
| A string | `TypeError: pymongo.synchronous.mongo_client.MongoClient() argument ...` |

Every sub-key that pymongo accepts, in small letters or in camel case:

>>> import textwrap
>>> print(textwrap.fill(", ".join(sub_keys()), 72))
appname, authmechanism, authmechanismproperties, authoidcallowedhosts,
authsource, auto_encryption_opts, compressors, connect,
connecttimeoutms, datetime_conversion, directconnection, document_class,
driver, enable_overload_retargeting, enableoverloadretargeting,
event_listeners, fsync, heartbeatfrequencyms, host, journal,
loadbalanced, localthresholdms, max_adaptive_retries,
maxadaptiveretries, maxconnecting, maxidletimems, maxpoolsize,
maxstalenessseconds, minpoolsize, password, port, read_preference,
readconcernlevel, readpreference, readpreferencetags, replicaset,
retryreads, retrywrites, server_api, server_selector,
servermonitoringmode, serverselectiontimeoutms, sockettimeoutms,
srv_host_validator, srvallowedhostssuffix, srvmaxhosts, srvservicename,
ssl, timeoutms, tls, tlsallowinvalidcertificates,
tlsallowinvalidhostnames, tlscafile, tlscertificatekeyfile,
tlscertificatekeyfilepassword, tlscrlfile, tlsdisableocspendpointcheck,
tlsinsecure, type_registry, tz_aware, tzinfo,
unicode_decode_error_handler, username, uuidrepresentation, w,
waitqueuemultiple, waitqueuetimeoutms, wtimeoutms, zlibcompressionlevel
"""

import re
from inspect import signature

from django_q.brokers import get_broker
from django_q.tasks import async_task

from . import ask, code, short_table


def address():
    """Return where the broker would connect, its database and its collection."""
    broker = get_broker()
    server = re.search(r"host=\['(.+?)'\]", repr(broker.connection))[1]
    return f"{server} {broker.collection.full_name}"


def place(**keys):
    return ask(address, **keys)


def task():
    async_task(abs, -1)


def send(**keys):
    return ask(task, **keys)


def sub_keys():
    """Return the arguments of MongoClient and the other options that it checks."""
    from pymongo import MongoClient
    from pymongo.common import VALIDATORS

    named = signature(MongoClient).parameters.keys() - {"kwargs"}
    return sorted(named | VALIDATORS.keys())


def edges():
    local, away = {"host": "127.0.0.1"}, {"host": "mongodb://127.0.0.1:27019/website"}
    port = local | {"port": 27018}
    closed = {"host": "127.0.0.1", "port": 1, "serverSelectionTimeoutMS": 50}
    return short_table({
        '`{"host": "127.0.0.1"}`': code(place(mongo=local)),
        '`{"host": "127.0.0.1", "port": 27018}`': code(place(mongo=port)),
        '`{"host": "mongodb://127.0.0.1:27019/website"}`': code(place(mongo=away)),
        "No server at the `port`": code(send(mongo=closed)),
        "`hots`": code(place(mongo={"hots": "127.0.0.1"})),
        "A string": code(place(mongo="mongodb://127.0.0.1/website")),
    })  # fmt: skip
