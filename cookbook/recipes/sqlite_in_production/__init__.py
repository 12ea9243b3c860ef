"""Run a site and its tasks on one SQLite file, without "database is locked".

In `python manage.py shell`. A transaction starts with `BEGIN IMMEDIATE`, and the
file is in WAL mode:

>>> from django.db import connection, transaction
>>> from django.test.utils import CaptureQueriesContext
>>> with CaptureQueriesContext(connection) as queries, transaction.atomic():
...     pass
>>> [query["sql"] for query in queries]
['BEGIN IMMEDIATE', 'COMMIT']
>>> with connection.cursor() as cursor:
...     cursor.execute("PRAGMA journal_mode").fetchone()
('wal',)
"""
