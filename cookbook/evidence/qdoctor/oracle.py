"""What Django-Q2 does with settings, without the seconds that a cluster needs to start.

Its configuration is read anew in a fork, then every piece of a cluster works in that
one process: broker, sentinel, scheduler, pusher, worker, monitor. A task succeeds, one
fails, one asks for no cache, and the queue is empty once.

>>> from cookbook.evidence.qdoctor.oracle import ask
>>> from cookbook.harness.trial import without_cluster
>>> without_cluster(ask, {"Q_CLUSTER": {"orm": "default"}})
''
>>> without_cluster(ask, {"Q_CLUSTER": {"orm": "default", "workers": "four"}})
"start: ValueError: invalid literal for int() with base 10: 'four'"
>>> without_cluster(ask, {"Q_CLUSTER": {"orm": "default", "max_rss": "1"}})
"work: TypeError: '>=' not supported between instances of 'int' and 'str'"

Each piece of a cluster fails in its own way:

>>> for keys in (
...     {"workers": -1}, {"guard_cycle": 1e300}, {"bulk": 0}, {"timeout": 1e300},
...     {"poll": -1}, {"sync": True}, {"scheduler": False}, {"cpu_affinity": 1},
... ):
...     failure = without_cluster(ask, {"Q_CLUSTER": {"orm": "default"} | keys})
...     print(keys, failure or "works")
{'workers': -1} work: RuntimeError: there is no worker
{'guard_cycle': 1e+300} work: OSError: [Errno 22] Invalid argument
{'bulk': 0} work: RuntimeError: no task is fetched
{'timeout': 1e+300} work: RuntimeError: TypeError: 'float' object cannot...
{'poll': -1} work: ValueError: sleep length must be non-negative
{'sync': True} works
{'scheduler': False} works
{'cpu_affinity': 1} works
>>> for host in ("queue", "redis://queue"):
...     settings = {"Q_CLUSTER": {"redis": {"host": host}}}
...     failure = without_cluster(ask, settings, redis={}, name="default")
...     print(host, failure or "works")
queue works
redis://queue start: ConnectionError: Error -2 connecting to redis://queue:6379...
"""

import gc
import logging
import logging.config
import os
import queue
import signal
import socket
import threading
import uuid
import warnings
from datetime import timedelta
from functools import cache
from importlib.util import find_spec, module_from_spec
from multiprocessing import Event, Value
from time import sleep
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

FEW = 100  # Of more workers only the number is looked at.


def ask(configuration):
    """Return how Django-Q2 fails with these settings, or "" where it works.

    The answer begins with "start: " or "work: ".
    """
    prepare()
    read, written = os.pipe()
    if not (child := os.fork()):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # It logs what it does.
        signal.alarm(20)
        os.write(written, attempt(configuration).encode()[:4000])
        os._exit(0)
    os.close(written)
    with os.fdopen(read, "rb") as pipe:
        answers = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return answers.partition("\n")[0].strip() if not status else f"work: ended {status}"


@cache
def prepare():
    """Open a database in memory, which every fork has for itself."""
    from django_q.models import OrmQ, Schedule, Task

    connection.close()
    connection.settings_dict |= {"NAME": ":memory:", "OPTIONS": {}}
    with connection.schema_editor() as editor:
        for model in (OrmQ, Schedule, Task):
            editor.create_model(model)
    gc.freeze()


def attempt(configuration):
    stages = ["start"]
    try:
        start(configuration, stages)
    except BaseException as error:
        return f"{stages[-1]}: {type(error).__name__}: {error}"
    return ""


def start(configuration, stages):
    """Do what a cluster does, in one process."""
    warnings.simplefilter("ignore")
    signal.alarm(0)
    watch = threading.Timer(20, os._exit, [9])
    watch.daemon = True
    watch.start()
    if "redis" in settings.Q_CLUSTER:
        redirect(settings.Q_CLUSTER["redis"].removeprefix("unix://"))
    os.environ["Q_CLUSTER_NAME"] = configuration.get("Q_CLUSTER_NAME", "")
    changed = {
        k: v for k, v in configuration.items() if k not in ("Q_CLUSTER_NAME", "LOGGING")
    }
    with override_settings(**changed):
        configure(configuration.get("LOGGING"))
        with patch("django_q.brokers.orm.sleep", doze):
            sentinel = spawn(configuration)
            stages.append("work")
            work(sentinel)


def configure(handlers):
    """Read Django-Q2's configuration anew, and let its modules have it."""
    from django_q import conf, monitor, pusher, scheduler, worker

    for name in ("", "django-q"):
        logging.getLogger(name).handlers.clear()
    logging.getLogger("django-q").propagate = True
    if handlers:
        logging.config.dictConfig({"version": 1, **handlers})
    spec = find_spec("django_q.conf")
    anew = module_from_spec(spec)
    spec.loader.exec_module(anew)
    for name, value in vars(anew.Conf).items():
        if name.isupper():
            setattr(conf.Conf, name, value)
    worker.error_reporter = anew.error_reporter
    for module in (monitor, pusher, scheduler):  # They log an exception and go on.
        module.logger = Strict("django-q")


class Strict(logging.Logger):
    def exception(self, *arguments, **others):
        raise

    def handle(self, record):
        pass


def spawn(configuration):
    """Make the sentinel and the processes of its cluster, which do not start."""
    from django_q.brokers import get_broker
    from django_q.cluster import Sentinel, set_cpu_affinity
    from django_q.conf import Conf
    from django_q.status import Stat

    sentinel = Sentinel(Event(), Event(), uuid.uuid4(), get_broker(), start=False)
    sentinel.broker.ping()
    Stat(sentinel).save()
    range(sentinel.pool_size)
    with patch("multiprocessing.process.BaseProcess.start"):
        for _ in range(min(sentinel.pool_size, FEW)):
            sentinel.spawn_worker()
    if Conf.CPU_AFFINITY:
        set_cpu_affinity(Conf.CPU_AFFINITY, [os.getpid()])
    return sentinel


def guard(cycle):
    """Do what the guard does with its cycle."""
    timer, counter, counts = Value("f", 60), 0, Event()
    timer.value -= cycle
    counter += cycle
    _, failed = counter >= 30, []

    def wait():
        try:
            counts.wait(cycle)
        except Exception as error:
            failed.append(error)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(0.02)
    for error in failed:
        raise error


def work(sentinel):
    """Let a task succeed, one fail, and one that wants no cache; then look again."""
    from django_q.conf import Conf
    from django_q.models import Schedule
    from django_q.scheduler import scheduler
    from django_q.tasks import async_task

    sentinel.broker.purge_queue()
    guard(Conf.GUARD_CYCLE)
    async_task("math.sqrt", 4, q_options={"cached": False})
    if Conf.SYNC:
        return
    if not sentinel.pool:
        raise RuntimeError("there is no worker")
    process(sentinel)
    async_task("math.sqrt", 4)
    process(sentinel)
    async_task("math.sqrt", "four")
    process(sentinel, success=False)
    sentinel.broker.purge_queue()
    if Conf.SCHEDULER:
        due = timezone.now() - timedelta(minutes=5)
        Schedule.objects.create(
            func="math.sqrt",
            args="4",
            schedule_type="D",
            next_run=due,
            cluster=Conf.CLUSTER_NAME,
        )
        scheduler(sentinel.broker)
        process(sentinel)
    if type(sentinel.broker).__name__ == "ORM":
        sentinel.broker.purge_queue()
        push(sentinel.broker, queue.Queue())  # It is empty.


def push(broker, tasks):
    from django_q.pusher import pusher

    once = Event()
    once.set()
    pusher(tasks, once, broker)


def process(sentinel, success=True):
    """Fetch, run and save a task."""
    from django_q.monitor import monitor
    from django_q.worker import worker

    tasks, results = queue.Queue(), queue.Queue()
    push(sentinel.broker, tasks)
    if tasks.empty():
        raise RuntimeError("no task is fetched")
    while not tasks.empty():
        one = queue.Queue()
        one.put(tasks.get())
        one.put("STOP")
        worker(one, results, Value("f", -1), sentinel.timeout)
        if success and not results.queue[-1]["success"]:
            raise RuntimeError(results.queue[-1]["result"].splitlines()[-1])
    results.put("STOP")
    monitor(results, sentinel.broker)


def doze(seconds):
    """Sleep, but not for long; raise what `sleep` raises."""
    if not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e9:
        sleep(seconds)


def redirect(path):
    """Let every address of a Redis lead to `path`; raise for what is none."""
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def answer(host, port, *others, **more):
        if (host is not None and not isinstance(host, str)) or "/" in (host or ""):
            return resolve(host, port)
        return [(socket.AF_UNIX, socket.SOCK_STREAM, 0, "", path)]

    socket.getaddrinfo = answer
    socket.socket.connect = lambda self, address: connect(self, path)
    socket.socket.setsockopt = lambda self, *option: None
