"""RQ: a function needs no decorator; retries and timeout are said when it is sent."""

import os

from redis import Redis
from rq import Queue, Retry
from rq.cron import register

from cookbook.evidence.which_queue import program

QUEUE = Queue(connection=Redis.from_url(os.environ["BROKER"]))
OPTIONS = {"job_timeout": 10, "retry": Retry(max=2, interval=5)}
register(program.tick, queue_name="default", cron="*/2 * * * *")


def send(name, number):
    QUEUE.enqueue(getattr(program, name), number, **OPTIONS)


def send_many(name, numbers):
    options = {"timeout": OPTIONS["job_timeout"], "retry": OPTIONS["retry"]}
    task = getattr(program, name)
    QUEUE.enqueue_many([Queue.prepare_data(task, [n], **options) for n in numbers])
