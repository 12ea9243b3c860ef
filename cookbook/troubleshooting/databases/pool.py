"""Whether a process and one that it forks talk to PostgreSQL through one connection.

Before the fork all connections are closed, as Django-Q2 does. Without a pool that is
enough; with Django's pool it is not:

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.databases.pool import compare
>>> without_cluster(compare, on="PostgreSQL")
{'no pool': 'two connections', 'pool': 'the same connection'}
"""

from multiprocessing import get_context

from django.db import connection, connections


def backend():
    """Return the process of PostgreSQL at the other end of the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def send_backend(pipe):
    pipe.send(backend())


def fork():
    """Use the database, close the connection, and use it again in a forked process."""
    mine = backend()
    connections.close_all()
    here, there = get_context("fork").Pipe()
    child = get_context("fork").Process(target=send_backend, args=[there])
    child.start()
    other = here.recv()
    child.join()
    return "the same connection" if mine == other else "two connections"


def compare():
    without = fork()
    connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}
    return {"no pool": without, "pool": fork()}
