"""Register the rules as Django's system checks, under the tag `django_q`."""

from functools import partial

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks.messages import ERROR, INFO, WARNING

from .project import read
from .report import level
from .rules import RULES, diagnose

LEVELS = {"E": ERROR, "W": WARNING, "I": INFO}


class DoctorConfig(AppConfig):
    name = __package__
    verbose_name = "Django-Q2 doctor"

    def ready(self) -> None:
        for deploy in (False, True):
            register(partial(messages, deploy), "django_q", deploy=deploy)


def messages(
    deploy: bool, app_configs: object = None, **others: object
) -> list[CheckMessage]:
    """Return what the rules find, those for every check or those for `--deploy`."""
    rules = [rule for rule in RULES if rule["deploy"] == deploy]
    return [
        CheckMessage(
            LEVELS[level(finding)],
            finding["message"],
            finding["hint"],
            id=finding["id"],
        )
        for finding in diagnose(read(settings), rules)
    ]
