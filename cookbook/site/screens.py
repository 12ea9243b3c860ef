"""Take the pictures of qmonitor and qmemory again: `python docs/screens.py`.

They are drawn from a real run, in the folder of the page's recipe. Its doctest
compares them with what the commands print.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "cookbook.settings"

import django  # noqa: E402  It needs the path and the settings above.

django.setup()

from cookbook.catalogue import find  # noqa: E402
from cookbook.harness import servers  # noqa: E402
from cookbook.harness.clusters import Cluster, shell  # noqa: E402

recipe = find("commands")
run = servers.begin()
try:
    with servers.workspace(recipe.settings()) as project:
        shell(project, "from django.core.management import call_command as c;"
              "c('createcachetable')")  # fmt: skip
        with Cluster(project):
            shell(
                project,
                "from pathlib import Path; from django_q.status import Stat\n"
                "while not Stat.get_all(): pass\n"
                "from cookbook.reference.commands.screens import write\n"
                f"write(Path({str(recipe.path)!r}))",
            )
finally:
    servers.sweep(run)
