"""Start a cluster under supervisor while its database refuses connections.

With the file of this site supervisor goes on, without its `startretries` it gives up:

>>> from cookbook.evidence.supervisor.outage import outage
>>> for program, state in outage().items():
...     print(program, state)
worker started again and again
fragile FATAL after 4 starts
"""

import os
import subprocess
import sys
from pathlib import Path

from cookbook.catalogue import COOKBOOK, find
from cookbook.harness import trial

CONF = (find("deploy/supervisor").path / "supervisord.conf").read_text()
RETRIES = "startretries=1000000\n"


def programs():
    """Return the file with the worker alone, and the worker once more as `fragile`."""
    # A machine that is busy would else need more than `startsecs` to fail.
    text = CONF.replace("startsecs=3", "startsecs=60")
    text = text.replace("directory=%(here)s", f"directory={COOKBOOK}")
    head, _, rest = text.partition("[program:web]")
    worker = rest[rest.index("[program:worker]") :]
    fragile = worker.replace("worker", "fragile").replace(RETRIES, "")
    return f"{head}{worker}\n{fragile}"


def outage():
    """Return what becomes of each program within some starts."""
    with trial.workspace({}) as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "supervisord.conf").write_text(programs())
        environment |= {
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        supervisord = subprocess.Popen(
            ["supervisord", "--nodaemon", "-c", folder / "supervisord.conf"],
            env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        log = folder / "supervisord.log"

        def starts(program):
            return log.read_text().count(f"spawned: '{program}'")

        trial.wait_until(lambda: log.exists() and starts("worker") > 4, 90, str)
        trial.wait_until(lambda: "FATAL" in log.read_text(), 90, log.read_text)
        supervisord.terminate()
        supervisord.wait(60)
        return {
            program: f"FATAL after {starts(program)} starts"
            if f"gave up: {program} entered FATAL" in log.read_text()
            else "started again and again"
            for program in ("worker", "fragile")
        }
