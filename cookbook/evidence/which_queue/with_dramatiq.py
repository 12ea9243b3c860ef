"""Dramatiq: retries and time limit a task; it has no schedules of its own."""

import os

import dramatiq
from django.conf import settings
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware.asyncio import AsyncIO
from dramatiq.results import Results
from dramatiq.results.backends.redis import RedisBackend

from cookbook.evidence.which_queue import program

broker = RedisBroker(url=os.environ["BROKER"], **settings.DRAMATIQ)
broker.add_middleware(AsyncIO())
backend = RedisBackend(url=os.environ["BROKER"])
broker.add_middleware(Results(backend=backend, store_results=settings.STORE_RESULTS))
dramatiq.set_broker(broker)

LIMITS = {"time_limit": 10_000, "max_retries": 2, "min_backoff": 5_000}
TASKS = {
    name: dramatiq.actor(getattr(program, name), **LIMITS)
    for name in ("work", "hang", "pause", "fail", "stamp")
}


def send(name, number):
    TASKS[name].send(number)
