"""Register the rules as Django's system checks, under the tag `django_q`.

>>> from django.core.checks import run_checks
>>> from django.test import override_settings
>>> def ids(deploy=False, debug=False, **keys):
...     queue = {"orm": "default", "workers": 2, "timeout": 60, "retry": 600} | keys
...     with override_settings(Q_CLUSTER=queue, DEBUG=debug):
...         found = run_checks(tags=["django_q"], include_deployment_checks=deploy)
...     return {message.id for message in found}
>>> ids(worker=4) - ids(), ids(worker=4) - ids(worker=4, deploy=True)
({'django_q.W002'}, set())
>>> ids(debug=True) - ids(), ids(debug=True, deploy=True) - ids()
(set(), {'django_q.W026'})
"""

from functools import partial

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks.messages import ERROR, INFO, WARNING

from .project import known
from .report import level
from .rules import RULES, diagnose

LEVELS = {"E": ERROR, "W": WARNING, "I": INFO}


class DoctorConfig(AppConfig):
    name = __package__
    verbose_name = "Django-Q2 doctor"

    def ready(self):
        for deploy in (False, True):
            register(partial(messages, deploy), "django_q", deploy=deploy)


def messages(deploy, app_configs=None, **others):
    """Return what the rules find, those for every check or those for `--deploy`."""
    rules = [rule for rule in RULES if rule["deploy"] == deploy]
    return [
        CheckMessage(
            LEVELS[level(found)], found["message"], found["hint"], id=found["id"]
        )
        for found in diagnose(known(settings), rules)
    ]
