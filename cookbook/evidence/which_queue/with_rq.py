"""RQ: a function needs no decorator; retries and timeout are said when it is sent."""

import os

from redis import Redis
from rq import Queue, Retry
from rq.cron import register

from cookbook.evidence.which_queue import program

register(program.tick, queue_name="default", cron="*/2 * * * *")


def send(name, number):
    queue = Queue(connection=Redis.from_url(os.environ["BROKER"]))
    task = getattr(program, name)
    queue.enqueue(task, number, job_timeout=10, retry=Retry(max=2, interval=5))
