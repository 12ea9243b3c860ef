"""What no queue of this kind can beat: loops around the bare means, with no task."""

import multiprocessing
import os
import time

import redis
from django.db import connection

PAYLOAD = "x" * 250  # As long as a task of Django-Q2.
TAKE = """
DELETE FROM raw WHERE id IN
    (SELECT id FROM raw ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING payload
"""


def skip_locked(rows, batch):
    """Delete rows of PostgreSQL one statement and one commit after the other."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS raw")
        cursor.execute("CREATE TABLE raw (id bigserial PRIMARY KEY, payload text)")
        cursor.execute(
            "INSERT INTO raw (payload) SELECT %s FROM generate_series(1, %s)",
            [PAYLOAD, rows],
        )
        begin = time.perf_counter()
        while True:
            cursor.execute(TAKE, [batch])
            if not cursor.fetchall():
                return rows / (time.perf_counter() - begin)


def pipeline(rows, batch):
    """Take from a list in Redis, `batch` commands a round trip."""
    client = redis.from_url(os.environ["BROKER"])
    client.rpush("raw", *[PAYLOAD] * rows)
    begin = time.perf_counter()
    for _ in range(rows // batch):
        with client.pipeline(transaction=False) as commands:
            for _ in range(batch):
                commands.lpop("raw")
            commands.execute()
    return rows / (time.perf_counter() - begin)


def hop(rows, batch):
    """Send through one `multiprocessing.Queue` to another process, and back."""
    there, back = multiprocessing.Queue(batch), multiprocessing.Queue()
    child = multiprocessing.Process(target=echo, args=(there, back, rows))
    child.start()
    begin = time.perf_counter()
    for _ in range(rows):
        there.put(PAYLOAD)
    back.get(timeout=60)
    seconds = time.perf_counter() - begin
    child.join()
    return rows / seconds


def echo(there, back, rows):
    """Take everything, then say so."""
    for _ in range(rows):
        there.get(timeout=60)
    back.put("all")


# What is measured, and how many at a time.
LIMITS = {
    "SKIP LOCKED, one at a time": (skip_locked, 1),
    "SKIP LOCKED, 50 at a time": (skip_locked, 50),
    "Redis, one at a time": (pipeline, 1),
    "Redis, 50 at a time": (pipeline, 50),
    "One hop": (hop, 100),
}
