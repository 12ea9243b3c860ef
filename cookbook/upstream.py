"""What the installed Django-Q2 reads from `Q_CLUSTER`, taken from its source.

>>> from cookbook.upstream import mistakes, settings
>>> settings()["retry"]
Setting(key='retry', attribute='RETRY', default='60')
>>> settings()["ALT_CLUSTERS"]
Setting(key='ALT_CLUSTERS', attribute='conf', default='required')
>>> print(mistakes({"orm": "default", "timeout": 30, "retry": 60}))
[]
>>> print(*mistakes({"name": "shop", "worker": 4}), sep="\\n")
'worker' is not a key of Q_CLUSTER and is ignored. Call it 'workers'.
no key names a broker, so it is Redis on localhost. Add "orm": "default", or ...
"""

import ast
from dataclasses import dataclass
from pathlib import Path

import django_q

SOURCE = Path(django_q.__file__).with_name("conf.py")
# No example may break these rules of qdoctor; others are broken to be shown.
MISREAD = {"E001", "W002", "W005", "W011"}


@dataclass(frozen=True)
class Setting:
    """A key of Q_CLUSTER: the attribute of Conf that holds it, its default as code."""

    key: str
    attribute: str
    default: str


def settings(source=SOURCE):
    """Return every key that a release's `Conf` reads: `{key: Setting}`."""
    keys = {}
    for node in ast.walk(ast.parse(source.read_text())):
        if (
            isinstance(node, ast.Assign)
            and isinstance(call := node.value, ast.Call)
            and (call_name := ast.unparse(call.func)) in {"conf.get", "conf.pop"}
        ):
            key, attribute = call.args[0].value, node.targets[0].id
            default = ast.unparse(call.args[1]) if call.args[1:] else "None"
            if call_name == "conf.pop":  # It is not kept, and without it this fails.
                attribute, default = "conf", "required"
            keys[key] = Setting(key, attribute, default)
    return keys


def mistakes(cluster):
    """Return what Django-Q2 would misread in a Q_CLUSTER, a sentence for each."""
    from cookbook.qdoctor.project import diagnose
    from cookbook.qdoctor.rules import RULES

    asked = [rule for rule in RULES if rule["id"][-4:] in MISREAD]
    findings = diagnose({"Q_CLUSTER": cluster}, asked)
    return [f"{one['message']}. {one['hint']}" for one in findings]
