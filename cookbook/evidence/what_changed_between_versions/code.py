"""Read what a user of a release can name, and compare it with another release.

>>> from cookbook.evidence.what_changed_between_versions.code import differences
>>> before, after = {"key a": "1", "key b": "2"}, {"key b": "3", "key c": "4"}
>>> for difference in differences("2", before, after):
...     print(*difference.values(), sep=" | ")
2 | `key a` | `1` | `-`
2 | `key b` | `2` | `3`
2 | `key c` | `-` | `4`
>>> from cookbook.evidence.what_changed_between_versions.code import cell
>>> cell("a|b" * 40)
'`a\\\\|ba\\\\|ba\\\\|ba\\\\|ba\\\\|ba\\\\|ba\\\\|ba\\\\|ba\\\\|b...`'
"""

import ast

from cookbook import upstream

LABELS = {"verbose_name", "help_text"}


def facts(django_q):
    """Return what a user of this release can name: `{kind and name: value}`."""
    settings = upstream.settings(django_q / "conf.py")
    entries = {f"key {key}": setting.default for key, setting in settings.items()}
    for command in (django_q / "management/commands").glob("q*.py"):
        for call in nodes(command, ast.Call):
            if ast.unparse(call.func) == "parser.add_argument":
                names = ", ".join(arg.value for arg in call.args)
                rest = [ast.unparse(k) for k in call.keywords if k.arg != "help"]
                entries[f"flag {command.stem} {names}"] = ", ".join(rest)
    for assign in nodes(django_q / "signals.py", ast.Assign):
        if ast.unparse(assign.value) == "Signal()":
            entries[f"signal {assign.targets[0].id}"] = "Signal()"
    for model in nodes(django_q / "models.py", ast.ClassDef):
        for assign in model.body:
            name, _, value = ast.unparse(assign).partition(" = ")
            if value.startswith("models."):
                keep = [k for k in assign.value.keywords if k.arg not in LABELS]
                assign.value.keywords = keep
                entries[f"field {model.name}.{name}"] = ast.unparse(assign.value)
    for migration in (django_q / "migrations").glob("0*.py"):
        entries[f"migration {migration.stem}"] = "yes"
    for assign in nodes(django_q / "tasks.py", ast.Assign):
        if ast.unparse(assign.targets[0]) == "opt_keys":
            entries |= {f"option {o.value}": "yes" for o in assign.value.elts}
    for function in nodes(django_q / "tasks.py", ast.FunctionDef):
        entries[f"function {function.name}"] = f"({ast.unparse(function.args)})"
    return entries


def nodes(module, kind):
    return [n for n in ast.walk(ast.parse(module.read_text())) if isinstance(n, kind)]


def differences(since, before, after):
    """Return what a release adds, drops and changes, a row for each."""
    return [
        row(since, cell(name), before.get(name, "-"), after.get(name, "-"))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def row(since, what, before, after):
    return {"since": since, "what": what, "before": cell(before), "after": cell(after)}


def cell(text):
    """Return text as code in a cell of a table; long text loses its middle."""
    text = text if len(text) < 90 else f"{text[:40]} … {text[-40:]}"
    return f"`{text}`".replace("|", "\\|")
