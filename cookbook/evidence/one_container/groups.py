"""Stop supervisor with and without its group, and see which program gets SIGTERM first.

>>> from cookbook.evidence.one_container.groups import CONF, GROUP, first_line
>>> first_line(CONF)
'the web server'
>>> first_line(CONF.replace(GROUP, ""))
'the cluster has ended'
"""

import subprocess
from pathlib import Path

from cookbook.harness import trial

from .trials import project
from .ways import FOLDER

CONF = (FOLDER / "supervisord.conf").read_text()
GROUP = "[group:shop]\nprograms=web,worker\n"
LINES = {
    "Handling signal: term": "the web server",
    "has stopped.": "the cluster has ended",
}


def first_line(conf):
    """Return what comes first after SIGTERM, the signal at the web server or an end."""
    with project() as environment:
        folder = Path(environment["WORKSPACE"])
        (folder / "supervisord.conf").write_text(conf.replace("/tmp", str(folder)))
        trial.note("cluster")
        supervisord = subprocess.Popen(
            ["supervisord", "-c", "supervisord.conf"], cwd=folder, env=environment,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        waits, findings = {"processing", "Listening at"}, []
        with supervisord.stdout as log:
            for line in log:
                if waits and not (waits := {w for w in waits if w not in line}):
                    supervisord.terminate()
                findings += [name for words, name in LINES.items() if words in line]
        supervisord.wait(60)
        return findings[0]
