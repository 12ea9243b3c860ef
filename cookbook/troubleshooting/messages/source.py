"""Every message that the installed Django-Q2 and django-prodserver can print.

They are read from the source: what is logged, raised with a text, warned of, or
written by a command. What a message fills in stands in braces:

>>> from cookbook.troubleshooting.messages.source import messages
>>> for text, place in messages().items():
...     if "reincarnated worker" in text:
...         print(f"{place}: {text}")
cluster.py, critical: reincarnated worker {name} after timeout while processing ...
cluster.py, critical: reincarnated worker {name} after timeout
cluster.py, critical: reincarnated worker {name} after death

Texts that a variable holds are found where it is assigned, those that a method returns
are found there, concatenated ones are put together, and the columns of the screens are
left out:

>>> from cookbook.troubleshooting.messages.source import read
>>> for text, kind in read('''
... def stop(name):
...     text = _("%(name)s ends") % {"name": name} + f" after {self.age} s"
...     logger.info(text)
...     print(term.move(0, 1) + "Host")
...     raise ValueError("no " "name")
...     raise ValueError(self.advice(name))
...     raise ValueError(text_of_others)
... def advice(self, name):
...     return f"rename {name}"
... ''').items():
...     print(f"{kind}: {text}")
info: {name} ends after {age} s
ValueError: no name
ValueError: rename {name}
"""

import ast
import re
from pathlib import Path

import django_prodserver
import django_q

PRODSERVER = (
    "backends/base.py",
    "backends/django_q2.py",
    "backends/workers/django_q2.py",
    "management/base.py",
    "management/commands/devserver.py",
    "management/commands/prodserver.py",
)
WRITERS = {"print", "warn", "warnings.warn", "self.stdout.write", "self.stderr.write"}


def messages():
    """Return every message and where it comes from: `{text: "file, kind"}`."""
    django_q_root = Path(django_q.__file__).parent
    prodserver = Path(django_prodserver.__file__).parent
    files = [
        path
        for path in sorted(django_q_root.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(django_q_root).parts)
    ]
    return {
        text: f"{path.name}, {kind}"
        for path in (*files, *(prodserver / name for name in PRODSERVER))
        for text, kind in read(path.read_text()).items()
    }


def read(source):
    """Return the messages of one module and the kind of each, in their order."""
    tree = ast.parse(source)
    assigned = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            returns = [one for one in ast.walk(node) if isinstance(one, ast.Return)]
            assigned[f"self.{node.name}"] = [one.value for one in returns]
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    findings = {}
    for node in sorted(filter(printing, ast.walk(tree)), key=lambda one: one.lineno):
        call = node.exc if isinstance(node, ast.Raise) else node
        for text in texts(call.args[0], assigned):
            findings[text] = ast.unparse(call.func).rpartition(".")[2]
    return findings


def printing(node):
    """Say whether this is a call that logs, writes or raises something."""
    if isinstance(node, ast.Raise):
        return isinstance(node.exc, ast.Call) and node.exc.args
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = ast.unparse(node.func)
    return name in WRITERS or re.fullmatch(r"logger\.[a-z]+", name)


def texts(node, assigned):
    """Return the texts that an expression can have, as far as it is one."""
    match node:
        case ast.Constant(str(text)):
            return [text.replace("%s", "{value}")]
        case ast.Name() | ast.Call(ast.Attribute(ast.Name("self"))):
            name = ast.unparse(node).partition("(")[0]
            return [
                text
                for value in assigned.get(name, ())
                for text in texts(value, assigned)
            ]
        case ast.JoinedStr(values):
            parts = [
                part.value if isinstance(part, ast.Constant) else blank(part.value)
                for part in values
            ]
            return ["".join(parts)]
        case ast.BinOp(left, ast.Mod()):
            return [
                re.sub(r"%\((\w+)\)s", r"{\1}", text) for text in texts(left, assigned)
            ]
        case ast.BinOp(left, ast.Add(), right):
            return [
                first + second
                for first in texts(left, assigned)
                for second in texts(right, assigned)
            ]
        case ast.Call(function, [only]) if not ast.unparse(function).endswith("center"):
            return texts(only, assigned)
    return []


def blank(node):
    """Return what stands for a value: the last name in its expression, in braces."""
    names = re.findall(r"[A-Za-z_]+", ast.unparse(node))
    return f"{{{names[-1]}}}"
