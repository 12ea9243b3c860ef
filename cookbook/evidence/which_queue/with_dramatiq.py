"""Dramatiq: retries and time limit a task; it has no schedules of its own."""

import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware.asyncio import AsyncIO

from cookbook.evidence.which_queue import program

broker = RedisBroker(
    url=os.environ["BROKER"],
    heartbeat_timeout=15_000,
    maintenance_chance=1_000_000,  # Look for dead workers at every command.
)
broker.add_middleware(AsyncIO())
dramatiq.set_broker(broker)

LIMITS = {"time_limit": 10_000, "max_retries": 2, "min_backoff": 5_000}
TASKS = {
    name: dramatiq.actor(getattr(program, name), **LIMITS)
    for name in ("work", "hang", "pause", "fail")
}


def send(name, number):
    TASKS[name].send(number)
