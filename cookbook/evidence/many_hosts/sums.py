"""Sums for many hosts: put in your own figures.

A cluster has a connection for each worker, and for pusher, monitor and sentinel. Eight
hosts with eight workers each, and forty web processes:

>>> from cookbook.evidence.many_hosts.sums import connections, plan, workers
>>> connections(clusters=8, workers=8, web=40)
128

That is more than the 100 that PostgreSQL allows by default.

At 200 tasks a second of 0.25 s each, 50 workers are busy. With 70 % of them busy a task
seldom waits:

>>> workers(tasks_a_second=200, seconds=0.25)
72

What it takes for tasks of a tenth of a second, if one PostgreSQL does 500 a second at
its most and is to be half busy, so that it can make up for a pause:

>>> plan(seconds=0.1, workers_each=8, database=500)
| Tasks a second | Workers | Hosts of 8 | Databases | Connections to each |
| ---: | ---: | ---: | ---: | ---: |
| 10 | 2 | 1 | 1 | 11 |
| 100 | 15 | 2 | 1 | 22 |
| 250 | 36 | 5 | 1 | 55 |
| 1,000 | 143 | 18 | 4 | 55 |
| 10,000 | 1,429 | 179 | 40 | 55 |
"""

import math

BUSY = 0.7  # The part of their time that workers work; above it tasks soon wait.


def connections(clusters, workers, web=0):
    """Return the connections to a database that are open at the same time."""
    return clusters * (workers + 3) + web


def workers(tasks_a_second, seconds):
    """Return the number of workers: Little's law, and some to spare."""
    return math.ceil(round(tasks_a_second * seconds / BUSY, 6))


def plan(seconds, workers_each, database):
    """Print what each rate takes; `database` is the most that one can do."""
    print(
        f"| Tasks a second | Workers | Hosts of {workers_each} | Databases "
        "| Connections to each |\n| ---: | ---: | ---: | ---: | ---: |"
    )
    for rate in (10, 100, 250, 1000, 10_000):
        needed = workers(rate, seconds)
        hosts = math.ceil(needed / workers_each)
        databases = math.ceil(rate / (database / 2))
        each = connections(math.ceil(hosts / databases), workers_each)
        print(f"| {rate:,} | {needed:,} | {hosts} | {databases} | {each} |")
