"""What people write to run a cluster, or a cluster and a web server, in a container."""

from dataclasses import dataclass

from cookbook.catalogue import find

FOLDER = find("deploy/one-container").path
QCLUSTER = "python manage.py qcluster"
MIGRATED = f"python manage.py migrate -v0 && {QCLUSTER}"
GUNICORN = "gunicorn config.wsgi"


@dataclass
class Way:
    """A row of the table: `command` is the first process, `web`: with a web server."""

    name: str
    command: list
    web: bool = True


WAYS = [
    Way("`sh -c`: `migrate && qcluster & gunicorn`",
        ["sh", "-c", f"{MIGRATED} & {GUNICORN}"]),
    Way("`bash -c`: `migrate && qcluster & gunicorn`",
        ["bash", "-c", f"{MIGRATED} & {GUNICORN}"]),
    Way("`qcluster & PID=$!; gunicorn; kill $PID; wait`",
        ["bash", "-c", f"{QCLUSTER} & PID=$!; {GUNICORN}; kill $PID; wait"]),
    Way("`qcluster & gunicorn & wait -n; exit $?`",
        ["bash", "-c", f"{QCLUSTER} & {GUNICORN} & wait -n; exit $?"]),
    Way("`qcluster & exec gunicorn`", ["sh", "-c", f"{QCLUSTER} & exec {GUNICORN}"]),
    Way("`gunicorn & exec qcluster`", ["sh", "-c", f"{GUNICORN} & exec {QCLUSTER}"]),
    Way("`start.sh` of this site", ["bash", FOLDER / "start.sh"]),
    Way("`supervisord.conf` of this site",
        ["supervisord", "-c", FOLDER / "supervisord.conf"]),
    Way("`sh -c`: `migrate && qcluster`", ["sh", "-c", MIGRATED], web=False),
    Way("`bash -c`: `migrate && qcluster`", ["bash", "-c", MIGRATED], web=False),
    Way("`sh -c`: `migrate && exec qcluster`",
        ["sh", "-c", MIGRATED.replace("&& ", "&& exec ")], web=False),
]  # fmt: skip
