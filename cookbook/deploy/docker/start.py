"""Start the cluster before its database, then everything in the right order.

>>> from cookbook.deploy.docker.containers import deployed
>>> from cookbook.deploy.docker.start import start_all
>>> with deployed() as (database, environment):
...     for text in start_all(environment, database):
...         print(text)
no database: pg_isready 2, migrate 1, qcluster 1
RuntimeError: Q Cluster ... failed to start: sentinel exited with code 1
database without tables: pg_isready 0, qcluster lives
ERROR Failed to pull task from broker
after migrate: the same cluster says 1.5
web: 200
SIGTERM: web 0, qcluster 0
"""

import re
import signal
import urllib.request

from cookbook.harness.trial import note, wait_until

from .containers import SERVICES, command, instruction, output, run, start
from .containers import deployed as deployed

# A reader of the page sees the words; the rest of the log line is a time.
FAILURE = re.compile(r"^RuntimeError: .*|ERROR Failed to pull .*", re.M)


def start_all(environment, database):
    """Tell what starts without a database, without tables, and with everything."""
    probe = SERVICES["database"]["healthcheck"]["test"][1:]  # The first word is CMD.
    steps = {
        "pg_isready": probe,
        "migrate": command("migrate"),
        "qcluster": command("worker"),
    }
    codes = [f"{name} {run(steps[name], environment, name)}" for name in steps]
    yield f"no database: {', '.join(codes)}"
    yield failure(environment)
    database.start()
    ready = run(probe, environment, "pg_isready")
    note("cluster")
    worker = start(command("worker"), environment, "qcluster")
    failed = wait_until(lambda: failure(environment), 60, lambda: "no failure")
    state = "lives" if worker.poll() is None else "ended"
    yield f"database without tables: pg_isready {ready}, qcluster {state}"
    yield failed
    assert run(command("migrate"), environment, "migrate") == 0
    ask = "from django_q.tasks import *; print(result(async_task('math.sqrt', 2.25),"
    words = ["python", "manage.py", "shell", "-v0", "-c", f"{ask} wait=60_000))"]
    assert run(words, environment, "shell") == 0
    said = output(environment, "shell").split()[-1]
    yield f"after migrate: the same cluster says {said}"
    web = start(command("web"), environment, "web")
    address = wait_until(
        lambda: re.search(r"Listening at: (\S+)", output(environment, "web")),
        60,
        lambda: output(environment, "web"),
    )[1]
    with urllib.request.urlopen(f"{address}/admin/login/") as answer:
        yield f"web: {answer.status}"
    name, codes = instruction("STOPSIGNAL"), []
    for process in web, worker:
        process.send_signal(getattr(signal, name))
        codes.append(process.wait(100))
    yield f"{name}: web {codes[0]}, qcluster {codes[1]}"


def failure(environment):
    found = FAILURE.search(output(environment, "qcluster"))
    return found and found[0]
