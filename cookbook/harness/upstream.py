"""What the installed Django-Q2 reads from `Q_CLUSTER`, taken from its source.

>>> settings()["retry"]
Setting(key='retry', attribute='RETRY', default='60')
>>> print(mistakes({"orm": "default", "timeout": 30, "retry": 60}))
[]
>>> print(*mistakes({"name": "shop", "worker": 4, "timeout": 90}), sep="\\n")
'worker' is no key of Q_CLUSTER and would be ignored; did you mean 'workers'?
no key names a broker, so it would be Redis on localhost; add "orm": "default"
retry (60) is not above timeout (90), so a running task would run again; raise it
"""

import ast
import difflib
from dataclasses import dataclass
from pathlib import Path

import django_q

SOURCE = Path(django_q.__file__).with_name("conf.py")
BROKERS = {"orm", "redis", "django_redis", "sqs", "mongo", "iron_mq", "broker_class"}


@dataclass(frozen=True)
class Setting:
    """A key of Q_CLUSTER: the attribute of Conf that holds it, its default as code."""

    key: str
    attribute: str
    default: str


def settings(source=SOURCE):
    """Return every key that a release's `Conf` reads: `{key: Setting}`."""
    found = {"ALT_CLUSTERS": Setting("ALT_CLUSTERS", "conf", "required")}
    for node in ast.walk(ast.parse(source.read_text())):
        if (
            isinstance(node, ast.Assign)
            and isinstance(call := node.value, ast.Call)
            and ast.unparse(call.func) == "conf.get"
        ):
            key, attribute = call.args[0].value, node.targets[0].id
            default = ast.unparse(call.args[1]) if call.args[1:] else "None"
            found[key] = Setting(key, attribute, default)
    return found


def mistakes(cluster):
    """Return what Django-Q2 would misread in a Q_CLUSTER, a sentence for each."""
    if not isinstance(cluster, dict):
        return [f"Q_CLUSTER is {cluster!r}; it has to be a dictionary"]
    told = []
    for key in cluster.keys() - settings().keys():
        near = difflib.get_close_matches(key, settings(), n=1)
        told.append(
            f"{key!r} is no key of Q_CLUSTER and would be ignored"
            + (f"; did you mean {near[0]!r}?" if near else "; remove it")
        )
    if not BROKERS & cluster.keys() and not cluster.get("sync"):
        told.append(
            "no key names a broker, so it would be Redis on localhost; "
            'add "orm": "default"'
        )
    timeout, retry = cluster.get("timeout"), cluster.get("retry", 60)
    if timeout and retry <= timeout:
        told.append(
            f"retry ({retry}) is not above timeout ({timeout}), so a running task "
            "would run again; raise it"
        )
    return told
