"""Hosts: each reaches PostgreSQL and Redis over links of its own, and has a clock.

>>> from urllib.parse import urlsplit
>>> from cookbook.evidence.many_hosts.hosts import server_of
>>> server_of(urlsplit("redis://queue.example:6379/0"))
('queue.example', 6379)
"""

import ast
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cookbook.evidence.many_hosts.link import Link
from cookbook.harness import trial

CLUSTER = {
    "name": "shop",
    "workers": 2,
    "queue_limit": 4,
    "timeout": 5,
    "retry": 20,
    "poll": 0.1,
    "save_limit": 0,
}
BROKERS = {"ORM": {"orm": "default"}, "Redis": {"redis": ""}}
MANAGE = (sys.executable, Path(__file__).with_name("host.py"))


def server_of(url):
    """Return where a server listens: a socket's path, or a host and a port."""
    if url.scheme == "unix":
        return url.path
    folder = parse_qs(url.query).get("host")
    if folder:
        return f"{folder[0]}/.s.PGSQL.5432"
    return url.hostname, url.port


class Host:
    """A host: its links, its clock, and the environment of its processes."""

    def __init__(self, environment, number, stack, clock, delay, query):
        url = urlsplit(environment["DATABASE_URL"])
        settings = ast.literal_eval(environment["RECIPE_SETTINGS"])
        self.links = [stack.enter_context(Link(server_of(url), delay))]
        user = url.netloc.partition("@")[0] or "postgres"
        port = self.links[0].port
        database = f"postgresql://{user}@127.0.0.1:{port}{url.path}{query}"
        if "redis" in settings["Q_CLUSTER"]:
            redis = urlsplit(settings["Q_CLUSTER"]["redis"])
            self.links.append(stack.enter_context(Link(server_of(redis), delay)))
            port = self.links[1].port
            settings["Q_CLUSTER"]["redis"] = f"redis://127.0.0.1:{port}"
        self.environment = environment | {
            "CLOCK": str(clock),
            "DATABASE_URL": database,
            "HOST": str(number),
            "RECIPE_SETTINGS": repr(settings),
        }

    def start(self):
        self.cluster = trial.Cluster(self.environment, MANAGE).start()

    def call(self, function, *arguments):
        """Call a function in a new process of this host; return the result."""
        code = trial.source(function, *arguments)
        command = [*MANAGE, "shell", "--no-imports", "--command", code]
        _, printed = trial.Process(self.environment).output(command)
        return ast.literal_eval(printed.splitlines()[-1])

    def cut(self):
        for link in self.links:
            link.cut()

    def heal(self):
        for link in self.links:
            link.heal()


@contextmanager
def hosts(broker, number, clock=0, delay=0, query="", **changes):
    """Give a project, and hosts in it; the clock of the first may be wrong."""
    settings = {
        "Q_CLUSTER": CLUSTER | BROKERS[broker] | changes,
        "DATABASES": {"default": {"CONN_MAX_AGE": 600}},
    }
    with trial.workspace(settings, "PostgreSQL") as environment, ExitStack() as stack:
        yield (
            environment,
            [
                Host(environment, n, stack, *((0, 0) if n else (clock, delay)), query)
                for n in range(number)
            ],
        )
