"""Whether a process and one that it forks talk to PostgreSQL through one connection.

Before the fork all connections are closed, as Django-Q2 does. Django's pool keeps them:

>>> from cookbook.troubleshooting.databases.pool import is_shared
>>> is_shared(pool=True), is_shared(pool=False)
(True, False)
"""

from multiprocessing import get_context

from django.db import connection, connections

from cookbook.harness.trial import call, workspace


def backend():
    """Return the process of PostgreSQL at the other end of the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def send_backend(pipe):
    pipe.send(backend())


def backends():
    """Return the backend of this process, and that of a process that it forks."""
    mine = backend()
    connections.close_all()
    here, there = get_context("fork").Pipe()
    child = get_context("fork").Process(target=send_backend, args=[there])
    child.start()
    other = here.recv()
    child.join()
    return mine, other


def is_shared(pool):
    with workspace(
        {"DATABASES": {"default": {"CONN_MAX_AGE": 0}}}, "PostgreSQL"
    ) as own:
        url = own["DATABASE_URL"]
        url += f"{'&' if '?' in url else '?'}pool=true" if pool else ""
        mine, other = call(own | {"DATABASE_URL": url}, backends)
    return mine == other
