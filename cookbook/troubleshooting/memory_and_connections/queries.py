"""The queries that a process keeps which handles no request, with DEBUG and without.

>>> from cookbook.harness.trial import call, workspace
>>> from cookbook.troubleshooting.memory_and_connections.queries import count_queries
>>> for debug in (True, False):
...     with workspace({"DEBUG": debug}) as project:
...         print(call(project, count_queries))
9000
0
"""

from django.db import connection


def count_queries():
    """Return how many of 10,000 queries are kept."""
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute("SELECT 1")
    return len(connection.queries_log)
