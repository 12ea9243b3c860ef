"""What a project is asked under each Python and Django, without the cookbook."""

import atexit
import datetime
import json
import platform
from importlib.util import find_spec
from pathlib import Path

from django.conf import global_settings
from django.core.management import call_command
from django_q.models import Failure
from django_q.tasks import async_task


def fail():
    """Fail, and leave a file in the project when the worker ends."""
    atexit.register(Path("left").touch)
    return datetime.datetim


def report():
    """Run a task in a cluster, and write down what was seen."""

    def inside():
        """Do nothing."""

    refused = None
    try:
        async_task(inside)
    except AttributeError as error:
        refused = str(error)
    async_task(fail, ack_failure=True)
    call_command("qcluster", run_once=True)
    answers = {
        "atexit": "called" if Path("left").exists() else "not called",
        "failure": Failure.objects.get().result.splitlines()[-1],
        "inside": refused,
        "key": global_settings.DEFAULT_AUTO_FIELD.rpartition(".")[2],
        "python": platform.python_version(),
        "tasks": "yes" if find_spec("django.tasks") else "no",
    }
    Path("answers.json").write_text(json.dumps(answers))
