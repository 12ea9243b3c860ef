"""Start the cluster before its database, then in order; then take the database away.

>>> from cookbook.evidence.docker.containers import deployed
>>> from cookbook.evidence.docker.start import start_all
>>> with deployed() as (database, environment):
...     for line in start_all(environment, database):
...         print(line)
image, without any secret: collectstatic 0
no database: pg_isready 2, migrate 1, qcluster 1
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
database on its socket only: pg_isready 2, without --host 0
database without tables: qcluster lives
ERROR Failed to pull task from broker
after migrate: the same cluster says 1.5
web: 200, worker's health check: 0
database away: health check 0, qcluster lives
database back: the same cluster says 1.5, health check 0
SIGTERM: web 0, qcluster 0
without CONN_HEALTH_CHECKS: Could not save task result
in the queue 0, results 0
"""

import re
import signal
import urllib.request
from pathlib import Path

from cookbook.harness.trial import note, wait_until

from .containers import (
    COMPOSE,
    SERVICES,
    command,
    instruction,
    output,
    run,
    start,
    variables,
)

# A reader of the page sees the words; the rest of the log line is a time.
FAILURE = re.compile(r"^RuntimeError: .*|ERROR Failed to pull .*", re.M)
SECRETS = ["DATABASE_URL", *variables(COMPOSE)]
ASK = "from django_q.tasks import *; print(result(async_task('math.sqrt', 2.25),"

COUNT = (
    "from django_q.models import *; print(OrmQ.objects.count(), Task.objects.count())"
)
UNCHECKED = """
from config.settings import *
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
"""


def start_all(environment, database):
    """Yield what starts without a database, without tables, and with everything."""
    build = {k: v for k, v in environment.items() if k not in SECRETS}
    build["STATIC_ROOT"] = f"{environment['WORKSPACE']}/static"
    code = run(instruction("RUN").split(), build, "collectstatic")
    yield f"image, without any secret: collectstatic {code}"
    ready, alive = (
        SERVICES[name]["healthcheck"]["test"][1:]  # The first word is CMD.
        for name in ("database", "worker")
    )
    steps = {
        "pg_isready": ready,
        "migrate": command("migrate"),
        "qcluster": command("worker"),
    }
    codes = [f"{name} {run(steps[name], environment, name)}" for name in steps]
    yield f"no database: {', '.join(codes)}"
    yield failure(environment)
    database.start()  # Like the first start of the image, it listens on no port.
    code, socket = (
        run(words, environment, "pg_isready")
        for words in (ready, [word for word in ready if "--host" not in word])
    )
    yield f"database on its socket only: pg_isready {code}, without --host {socket}"
    note("cluster")
    worker = start(command("worker"), environment, "qcluster")
    failed = wait_until(lambda: failure(environment), 60, lambda: "no failure")
    yield f"database without tables: qcluster {state(worker)}"
    yield failed
    assert run(command("migrate"), environment, "migrate") == 0
    yield f"after migrate: the same cluster says {answer(environment)}"
    web = start(command("web"), environment, "web")
    address = wait_until(
        lambda: re.search(r"Listening at: (\S+)", output(environment, "web")),
        60,
        lambda: output(environment, "web"),
    )[1]
    with urllib.request.urlopen(f"{address}/admin/login/") as page:
        code = run(alive, environment, "qhealth")
        yield f"web: {page.status}, worker's health check: {code}"
    database.stop()
    code = run(alive, environment, "qhealth")
    yield f"database away: health check {code}, qcluster {state(worker)}"
    database.start()
    back = f"database back: the same cluster says {answer(environment)}"
    yield f"{back}, health check {run(alive, environment, 'qhealth')}"
    name, codes = instruction("STOPSIGNAL"), []
    for process in web, worker:
        process.send_signal(getattr(signal, name))
        codes.append(process.wait(100))
    yield f"{name}: web {codes[0]}, qcluster {codes[1]}"
    yield from without_health_checks(environment, database)


def without_health_checks(environment, database):
    """Take the database away from a cluster that keeps its connections unchecked."""
    settings = Path(environment["WORKSPACE"], "site/config/unchecked.py")
    settings.write_text(UNCHECKED)
    environment = environment | {"DJANGO_SETTINGS_MODULE": "config.unchecked"}
    worker = start(command("worker"), environment, "qcluster")
    answer(environment)  # Its monitor is connected now.
    before = int(printed(environment, COUNT).split()[-1])
    database.stop()
    database.start()
    printed(environment, "from django_q.tasks import *; async_task('math.sqrt', 2.25)")
    failure = wait_until(
        lambda: re.search(r"Could not save .*", output(environment, "qcluster")),
        60,
        lambda: output(environment, "qcluster"),
    )
    yield f"without CONN_HEALTH_CHECKS: {failure[0]}"
    worker.send_signal(signal.SIGTERM)
    worker.wait(100)
    queued, results = map(int, printed(environment, COUNT).split()[-2:])
    yield f"in the queue {queued}, results {results - before}"


def answer(environment):
    """Let the cluster run a task; return what it says."""
    return printed(environment, f"{ASK} wait=60_000))").split()[-1]


def printed(environment, code):
    """Run code in a shell of the project and return what it prints."""
    words = ["python", "manage.py", "shell", "-v0", "-c", code]
    assert run(words, environment, "shell") == 0, output(environment, "shell")
    return output(environment, "shell")


def state(process):
    return "lives" if process.poll() is None else "ended"


def failure(environment):
    match = FAILURE.search(output(environment, "qcluster"))
    return match and match[0]
