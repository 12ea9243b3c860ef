"""Kill clusters and Redis, and count what the stream and the stock broker lose.

The small size has every fault once:

>>> from cookbook.evidence.redis_streams import SPEEDS, measure
>>> small = {"few": 60, "kills": 1, "clusters": 2, "rounds": 1, "pings": 3}
>>> figures = measure(tasks=200, **small, speeds=SPEEDS[:1])
>>> for row in figures["rows"]:
...     if not row["what"].startswith("stock"):
...         print(row["what"], row["lost"])
kill -9 of clusters 0
Redis killed, appendfsync everysec 0
Redis killed, appendfsync always 0
group destroyed 0
moved from the stock broker 0

Without a kill nothing ran twice in the move:

>>> figures["rows"][-1]["ran twice"]
0

The stock broker lost what the killed cluster had in its memory:

>>> figures["rows"][0]["what"], figures["rows"][0]["lost"] > 0
('stock broker, kill -9 of clusters', True)

Django-Q2's own tests of its brokers pass:

>>> figures["upstream"]
['test_broker', 'test_redis', 'test_orm']
"""

import logging
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from types import SimpleNamespace

import pytest
import redis
from django_q.brokers import get_broker
from django_q.brokers.redis_broker import Redis
from django_q.signals import (
    post_execute,
    post_execute_in_worker,
    pre_enqueue,
    pre_execute,
)
from django_q.tasks import async_task

from cookbook.evidence.recipes_under_faults.servers import Redis as Server
from cookbook.harness import trial
from cookbook.scaling.redis_streams.broker import GROUP, StreamsBroker

CLUSTER = {"name": "shop", "workers": 2, "timeout": 9, "retry": 15, "save_limit": -1}
STREAM, LIST = "django_q:shop:q:stream", "django_q:shop:q"


class Bare:
    """Mix into a broker of processes without the receivers of other recipes.

    One of them asks Redis for each task that ends, over a new connection.
    """

    def __init__(self, list_key=None):
        super().__init__(list_key)
        for signal in (pre_enqueue, pre_execute, post_execute_in_worker, post_execute):
            signal.receivers.clear()


class Timed(Bare):
    """Mix into a broker whose monitor writes down when it has finished a task."""

    def __init__(self, list_key=None):
        super().__init__(list_key)
        post_execute.connect(finish)


def finish(task, **_):
    trial.write(f"finish {task['args'][0]} {time.monotonic()}")


class Stock(Timed, Redis):
    pass


class Streams(Timed, StreamsBroker):
    pass


class Counted(Bare):
    """Mix into a broker whose pusher writes down how many tasks it has fetched."""

    def dequeue(self):
        tasks = super().dequeue()
        trial.write(f"fetch {len(tasks or ())} 0")
        return tasks


class CountedStock(Counted, Redis):
    pass


class CountedStreams(Counted, StreamsBroker):
    pass


def work(number, seconds):
    trial.write(f"begin {number} {time.monotonic()}")
    time.sleep(seconds)
    trial.write(f"end {number} {time.monotonic()}")


def enqueue(first, last, seconds):
    logging.disable(logging.INFO)
    payloads, broker = [], get_broker()
    collector = SimpleNamespace(enqueue=payloads.append, list_key="")
    for number in range(first, last):
        async_task(work, number, seconds, broker=collector)
    if isinstance(broker, StreamsBroker):
        broker.enqueue_many(payloads)
    else:
        broker.connection.rpush(broker.list_key, *payloads)


class Place:
    """A project with a Redis that can be killed, and its clusters."""

    def __init__(self, environment, broker, server, **keys):
        self.server, self.keys = server, keys
        self.folder = Path(environment["WORKSPACE"])
        self.client = redis.Redis(unix_socket_path=str(server.socket))
        self.environment = environment
        self.use(broker)

    def use(self, broker):
        own = {"broker_class": f"{__name__}.{broker}", "redis": self.server.url}
        settings = {
            "Q_CLUSTER": CLUSTER | own | self.keys,
            "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
        }
        self.environment = self.environment | {"RECIPE_SETTINGS": repr(settings)}

    def call(self, function, *arguments):
        return trial.call(self.environment, function, *arguments)

    def start(self):
        return trial.Cluster(self.environment).start()

    def unfinished(self):
        """Count the tasks that are not fetched, or not acknowledged."""
        return self.client.xlen(STREAM) + self.client.llen(LIST)

    def wait_for(self, number):
        trial.wait_until(
            lambda: self.unfinished() <= number,
            400,
            lambda: f"{self.unfinished()} tasks are left",
        )

    def times(self, what):
        """Return what the journal has of one kind: {number: [when, ...]}."""
        times = {}
        for line in (self.folder / "journal").read_text().splitlines():
            kind, number, when = line.split()
            if kind == what:
                times.setdefault(int(number), []).append(float(when))
        return times


@contextmanager
def place(broker, *options, on="SQLite", **keys):
    with trial.workspace({}, on) as environment:
        server = Server(environment, *options)
        server.start()
        try:
            yield Place(environment, broker, server, **keys)
        finally:
            server.stop()


def kill_clusters(here, tasks, clusters, kills):
    for number in range(kills):
        here.wait_for(tasks * (kills - number) / (kills + 1))
        victim = number % len(clusters)
        clusters[victim].kill()
        clusters[victim] = here.start()


def kill_redis(here, tasks, *_):
    for part in (2, 1):
        here.wait_for(tasks * part / 3)
        here.server.stop()
        end = time.monotonic() + 2
        trial.wait_until(lambda end=end: time.monotonic() > end, 9, str)
        here.server.start()
        trial.wait_until(lambda: answers(here.client), 60, lambda: "Redis is away")


def answers(client):
    with suppress(redis.ConnectionError):
        return client.ping()


def destroy_group(here, tasks, *_):
    for part in (2, 1):
        here.wait_for(tasks * part / 3)
        here.client.xgroup_destroy(STREAM, GROUP)


def move(here, tasks, clusters, *_):
    """Change the broker of the clusters first, that of the web processes later."""
    here.wait_for(tasks * 2 / 3)
    old = clusters.copy()
    here.use("CountedStreams")
    clusters[:] = [here.start() for _ in old]
    here.use("CountedStock")
    here.call(enqueue, tasks, tasks + 20, 0)
    for cluster in old:
        cluster.stop(120)
    here.use("CountedStreams")
    here.call(enqueue, tasks + 20, tasks + 40, 0)


def count(what, harm, broker, tasks, clusters, kills=0, options=()):
    """Let clusters work through a queue, do harm to them, and count."""
    more = 40 if harm is move else 0
    # Where nothing is cut off, a slow machine must not make tasks late.
    keys = {"retry": 300} if harm in (move, destroy_group) else {}
    with place(broker, *options, **keys) as here:
        here.call(enqueue, 0, tasks, 0.01)
        running = [here.start() for _ in range(clusters)]
        harm(here, tasks, running, kills)
        here.wait_for(0)
        for cluster in running:
            cluster.stop(120)
        fetches = here.times("fetch")
        begun, ended = here.times("begin"), here.times("end")
    return {
        "what": what,
        "tasks": tasks + more,
        "lost": tasks + more - len(ended),
        "fetched again": max(
            sum(number * len(times) for number, times in fetches.items())
            - tasks
            - more,
            0,
        ),
        "begun twice": sum(len(times) > 1 for times in begun.values()),
        "ran twice": sum(len(times) > 1 for times in ended.values()),
    }


def rate(here, tasks):
    """Return tasks a second, from the first begin to the last acknowledgement."""
    (here.folder / "journal").unlink(missing_ok=True)
    here.call(enqueue, 0, tasks, 0)
    cluster = here.start()
    here.wait_for(0)
    trial.wait_until(
        lambda: len(here.times("finish")) == tasks, 400, lambda: cluster.advice
    )
    cluster.stop(120)
    begin = min(min(times) for times in here.times("begin").values())
    end = max(max(times) for times in here.times("finish").values())
    return (tasks - 1) / (end - begin)


def speed(what, on, tasks, rounds, **keys):
    """Let both brokers take turns, and compare them."""
    keys |= {"recycle": 10 * tasks, "retry": 300}
    with (
        place("Stock", on=on, **keys) as stock,
        place("Streams", on=on, **keys) as streams,
    ):
        pairs = [(rate(stock, tasks), rate(streams, tasks)) for _ in range(rounds)]
    return {
        "what": what,
        "stock, tasks/s": round(median(one for one, _ in pairs)),
        "streams, tasks/s": round(median(two for _, two in pairs)),
        "ratio": round(median(two / one for one, two in pairs), 2),
    }


def ping(number):
    """Return the milliseconds until each of these tasks begins, one after another."""
    logging.disable(logging.INFO)
    broker, delays = get_broker(), []
    for place in range(number):
        trial.journal().unlink(missing_ok=True)
        start = time.monotonic()
        async_task(work, place, 0, broker=broker)
        lines = trial.wait_until(
            lambda: len(lines := trial.written()) == 3 and lines, 60, trial.written
        )
        begin = next(line for line in lines if line.startswith("begin"))
        delays.append((float(begin.split()[2]) - start) * 1000)
    return delays


def latency(pings, rounds):
    with place("Stock") as stock, place("Streams") as streams:
        places = {"stock": stock, "streams": streams}
        clusters = {name: here.start() for name, here in places.items()}
        delays = {name: [] for name in places}
        for here in places.values():
            here.call(ping, 1)
        for _ in range(rounds):
            for name, here in places.items():
                delays[name] += here.call(ping, pings)
        for cluster in clusters.values():
            cluster.kill()
    return {
        f"{name}_p{percent}": round(quantiles(values, n=20)[percent // 5 - 1], 1)
        for name, values in delays.items()
        for percent in (50, 95)
    }


def upstream():
    """Run Django-Q2's own tests of its brokers on the recipe; return their names."""
    from django_q.tests import test_brokers

    logging.disable(logging.ERROR)
    names = ["test_broker", "test_redis", "test_orm"]
    for name in names:
        with pytest.MonkeyPatch.context() as patch:
            getattr(test_brokers, name)(patch)
    return names


FAULTS = [
    ("stock broker, kill -9 of clusters", kill_clusters, "CountedStock", ()),
    ("kill -9 of clusters", kill_clusters, "CountedStreams", ()),
    *(
        (f"Redis killed, appendfsync {fsync}", kill_redis, "CountedStreams",
         ("--appendonly", "yes", "--appendfsync", fsync))
        for fsync in ("everysec", "always")
    ),
    ("group destroyed", destroy_group, "CountedStreams", ()),
    ("moved from the stock broker", move, "CountedStock", ()),
]  # fmt: skip
SPEEDS = [
    ("no results, bulk 1", "SQLite", {"bulk": 1}),
    ("no results, bulk 10", "SQLite", {"bulk": 10}),
    ("results on PostgreSQL, bulk 10", "PostgreSQL", {"bulk": 10, "save_limit": 0}),
]


def measure(
    tasks=20_000, few=1_000, kills=10, clusters=4, rounds=5, pings=40, speeds=SPEEDS
):
    with place("Streams") as here:
        passed = here.call(upstream)
    rows = [
        count(what, harm, broker, tasks, clusters, kills, options)
        if harm is kill_clusters
        else count(what, harm, broker, few, 2, 0, options)
        for what, harm, broker, options in FAULTS
    ]
    return {
        "upstream": passed,
        "kills": kills,
        "clusters": clusters,
        "retry": CLUSTER["retry"],
        "rounds": rounds,
        "pings": pings * rounds,
        "rows": rows,
        "speed": [speed(what, on, few, rounds, **keys) for what, on, keys in speeds],
        "latency": latency(pings, rounds),
    }
