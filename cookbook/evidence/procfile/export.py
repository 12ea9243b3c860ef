"""Which lines of the files that honcho exports decide about the stop of a cluster.

>>> from cookbook.evidence.procfile.export import PROCFILE, deciding_lines, export
>>> print(deciding_lines(PROCFILE, "supervisord"))
command=/bin/sh -c 'python manage.py worker shop'
stopsignal=QUIT
>>> print(deciding_lines(PROCFILE, "systemd"))
ExecStart=/bin/sh -lc 'python manage.py worker shop'
KillMode=process

Neither file says how long to wait, and `release` becomes a service:

>>> sorted(export(PROCFILE, "systemd"))
['shop-release-1.service', 'shop-release.target', 'shop-web-1.service', ...]
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROCFILE = Path(__file__).parents[2] / "deploy/procfile/Procfile"
DECIDING = r"^(?:command|stop\w+|killasgroup|ExecStart|KillMode|TimeoutStop\w+)=.*"


def export(procfile, kind):
    """Return the files that honcho exports: their names and their text."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                Path(sys.executable).with_name("honcho"), "export", "--app", "shop",
                "--procfile", procfile, kind, folder,
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        return {file.name: file.read_text() for file in Path(folder).iterdir()}


def deciding_lines(procfile, kind):
    """Return the lines about the command and its stop, for the process `worker`."""
    text = "\n".join(export(procfile, kind).values())
    parts = re.split(r"^\[(?:program|Install)", text, flags=re.M)
    worker = next(part for part in parts if "manage.py worker" in part)
    return "\n".join(re.findall(DECIDING, worker, re.M))
