"""What three releases of Django-Q2 have, and which examples an older one fails.

The small size: the code of all three, and the examples of one module on the oldest.

>>> from cookbook.evidence.what_changed_between_versions import (
...     differences, failures, measure, others, row,
... )
>>> small = {"older": ["1.9.0"], "modules": ["commands/__init__.py"]}
>>> figures = measure(**small, times=0)
>>> figures["examples_run"] > 0
True
>>> {row["since"] for row in figures["rows"]} <= {"1.10.0", "1.11.1"}
True

No key of Q_CLUSTER, flag, task option or function differs:

>>> kinds = {row["what"].strip("`").split()[0] for row in figures["rows"]}
>>> kinds & {"key", "flag", "option", "function"}
set()

The full size takes every module of the reference:

>>> "commands/__init__.py" in others()
True

A difference is found whichever way it goes, and so is an example that fails:

>>> differences("2", {"key a": "1", "key b": "2"}, {"key b": "3", "key c": "4"})
[('2', 'key a', '1', '-'), ('2', 'key b', '2', '3'), ('2', 'key c', '-', '4')]
>>> report = '''File "/x/reference/schedules/cron.py", line 3, in cron
... Failed example:
...     start()
... Expected:
...     2
... Got:
...     1
... ***
... '''
>>> failures(report)
[('schedules', 'start()', '2', '1')]
>>> raised = "Exception raised:\\n    Traceback (...):\\n    KeyError: 1"
>>> (one,) = failures(report.replace("Got:\\n    1", raised))
>>> print(*row("1.10.0", *one).values(), sep=" | ")
1.10.0 | an example of [schedules](schedules.md): `start()` | `KeyError: 1` | `2`
>>> failures("cookbook.reference.tasks.options did not finish within 150 s: a task")
[('tasks', 'all of tasks.options', 'it ends', 'did not finish')]

What fails because an example before it failed is left out:

>>> failures(report.replace("Got:\\n    1", raised.replace("Key", "Name")))
[]
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from cookbook import upstream
from cookbook.catalogue import ROOT
from cookbook.site import figures as figures_of_pages

RELEASES = ["1.9.0", "1.10.0", "1.11.1"]


def install(release):
    """Return a folder with this release of Django-Q2 and nothing else."""
    target = Path(os.environ["COOKBOOK_RUN"]) / "releases" / release
    if not target.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", target, f"django-q2=={release}"], check=True)
    return target


def facts(django_q):
    """Return what a user of this release can name: `{kind and name: value}`."""
    settings = upstream.settings(django_q / "conf.py")
    found = {f"key {key}": setting.default for key, setting in settings.items()}
    for command in (django_q / "management/commands").glob("q*.py"):
        for call in nodes(command, ast.Call):
            if ast.unparse(call.func) == "parser.add_argument":
                names = ", ".join(arg.value for arg in call.args)
                rest = [ast.unparse(k) for k in call.keywords if k.arg != "help"]
                found[f"flag {command.stem} {names}"] = ", ".join(rest)
    for assign in nodes(django_q / "signals.py", ast.Assign):
        if ast.unparse(assign.value) == "Signal()":
            found[f"signal {assign.targets[0].id}"] = "Signal()"
    for model in nodes(django_q / "models.py", ast.ClassDef):
        for assign in model.body:
            name, _, value = ast.unparse(assign).partition(" = ")
            if value.startswith("models."):
                labels = {"verbose_name", "help_text"}
                keep = [k for k in assign.value.keywords if k.arg not in labels]
                assign.value.keywords = keep
                found[f"field {model.name}.{name}"] = ast.unparse(assign.value)
    for migration in (django_q / "migrations").glob("0*.py"):
        found[f"migration {migration.stem}"] = "yes"
    for assign in nodes(django_q / "tasks.py", ast.Assign):
        if ast.unparse(assign.targets[0]) == "opt_keys":
            found |= {f"option {o.value}": "yes" for o in assign.value.elts}
    found |= {
        f"function {function.name}": f"({ast.unparse(function.args)})"
        for function in nodes(django_q / "tasks.py", ast.FunctionDef)
    }
    return found


def nodes(module, kind):
    return [n for n in ast.walk(ast.parse(module.read_text())) if isinstance(n, kind)]


def differences(since, before, after):
    """Return what a release adds, drops and changes, a tuple for each."""
    return [
        (since, name, before.get(name, "-"), after.get(name, "-"))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def run(release, modules):
    """Run examples of this site on a release; return the report.

    A copy of the cookbook with the release beside it lets every process of the run
    import that one.
    """
    house = Path(os.environ["COOKBOOK_RUN"]) / f"house-{release}"
    ignored = shutil.ignore_patterns("__pycache__", "_build", ".*")
    shutil.copytree(install(release), house)
    for name in ("cookbook", "docs"):
        shutil.copytree(ROOT / name, house / name, ignore=ignored)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, house)
    examples = [house / "cookbook/reference" / module for module in modules]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "4", "--on", "SQLite",
         "--tb=short", "--seconds=150", *examples],
        cwd=house, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(house), "STAMPS": str(house / "stamps")},
    ).stdout  # fmt: skip


def failures(report):
    """Return the failed examples of a report: (page, source, expected, got).

    Of an exception its last line is kept. A module that did not finish is one example.
    """
    failed = re.findall(
        r'^File "\S*/reference/(\w+)\S*", line .*?\n'
        r"Failed example:\n(.*?)(?:^Expected(?: nothing|:)\n(.*?))?"
        r"^(?:Got:|Got nothing|(Exception raised):)\n(.*?)^\*\*\*",
        report, re.M | re.S,
    )  # fmt: skip
    hung = re.findall(r"reference\.(\w+)(\S*) (did not finish) within", report)
    return [
        (page.replace("_", "-"), *map(one_line, (source, expected, got)))
        for page, source, expected, raised, printed in failed
        for got in [printed.rstrip().rpartition("\n")[2] if raised else printed]
        if not got.strip().startswith("NameError")  # An example before it failed.
    ] + [
        (page.replace("_", "-"), f"all of {page}{module}", "it ends", told)
        for page, module, told in dict.fromkeys(hung)
    ]


def one_line(text):
    return " ".join(text.split())


def row(since, page, source, expected, got):
    """Return what the table says of an example."""
    return {
        "since": since,
        "what": f"an example of [{page}]({page}.md): {code(source)}",
        "before": code(got or "nothing"),
        "after": code(expected or "no error"),
    }


def others():
    """Return the modules of the reference that have examples, this one left out."""
    own, folder = Path(__file__).parent, Path(__file__).parents[1]
    return [
        module.relative_to(folder).as_posix()
        for module in sorted(folder.rglob("*.py"))
        if ">>> " in module.read_text() and module.parent != own
    ]


def code(text):
    """Return text as code in a cell of a table; long text loses its middle."""
    text = text if len(text) < 90 else f"{text[:40]} … {text[-40:]}"
    return f"`{text}`".replace("|", "\\|")


def measure(older=("1.9.0", "1.10.0"), modules=None, times=20):
    from . import stops  # It installs releases like this module.

    modules = modules or others()
    found = [facts(install(release) / "django_q") for release in RELEASES]
    rows = []
    for since, before, after in zip(RELEASES[1:], found, found[1:], strict=False):
        rows += [
            {"since": s, "what": code(what), "before": code(b), "after": code(a)}
            for s, what, b, a in differences(since, before, after)
        ]
    ran = broken = 0
    failed = {}  # What the newest release that fails it prints.
    for release in older:
        report = run(release, modules)
        ran += int(
            re.search(r"verified: .*?([\d,]+) examples", report)[1].replace(",", "")
        )
        broken += len(re.findall("^FAILED", report, re.M))
        since = RELEASES[RELEASES.index(release) + 1]
        failed |= {one[:2]: row(since, *one) for one in failures(report)}
    rows += failed.values()
    return {
        "rows": rows,
        "facts": len(found[-1]),
        "modules": len(modules),
        "modules_failed": broken,
        "examples_run": ran,
        "examples_failed": len(failed),
        "times": times,
        "stops": figures_of_pages.table(stops.rows(times)) if times else "",
    }
