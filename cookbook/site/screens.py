"""Take the pictures of qmonitor and qmemory again: `nox -s shots`.

They are drawn from a real run, in the folder of the page's recipe. Its doctest
compares them with what the commands print.
"""

from cookbook.catalogue import find
from cookbook.harness import servers
from cookbook.harness.clusters import Cluster, shell

CREATE_CACHE = """
from django.core.management import call_command
call_command("createcachetable")
"""
WRITE = """
from pathlib import Path
from django_q.status import Stat
from cookbook.reference.commands.screens import write
while not Stat.get_all():
    pass
write(Path({!r}))
"""


def main():
    recipe, run = find("commands"), servers.begin()
    try:
        with servers.workspace(recipe.settings()) as project:
            shell(project, CREATE_CACHE)
            with Cluster(project):
                shell(project, WRITE.format(str(recipe.path)))
    finally:
        servers.sweep(run)


if __name__ == "__main__":
    main()
