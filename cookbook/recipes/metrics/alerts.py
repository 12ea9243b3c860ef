"""Check that alert rules are well formed and ask for what the endpoint serves.

In a test database, where one run is counted first:

>>> from cookbook.recipes.metrics.alerts import RULES, check
>>> from cookbook.recipes.metrics.models import Finished
>>> from django.core.management import call_command
>>> call_command("createcachetable")
>>> Finished.objects.add("shop.tasks.send", "failure", waited=0.2, runtime=3)
>>> print(*check(RULES.read_text()))
NoCluster QueueIsLate NothingEnds TasksFail AllWorkersBusy TasksAreSlow

A rule whose metric or label does not exist is valid, and never fires:

>>> from cookbook.recipes.metrics.alerts import RULES, check
>>> check(RULES.read_text().replace("oldest_seconds", "oldest"))
Traceback (most recent call last):
    ...
ValueError: QueueIsLate: nothing serves django_q_oldest{}
>>> check(RULES.read_text().replace('state="idle"', 'status="idle"'))
Traceback (most recent call last):
    ...
ValueError: AllWorkersBusy: nothing serves django_q_workers{status}

A key that alert rules do not have, and an expression that does not parse:

>>> from cookbook.recipes.metrics.alerts import RULES, check
>>> check(RULES.read_text().replace("for:", "four:"))
Traceback (most recent call last):
    ...
ValueError: NoCluster: alert rules have no four
>>> check(RULES.read_text().replace("or django", "ore django"))
Traceback (most recent call last):
    ...
ValueError: NoCluster: ...
"""

from collections.abc import Iterator
from pathlib import Path

import promql_parser
import yaml
from promql_parser import Expr

from .collector import DjangoQ

RULES = Path(__file__).with_name("alerts.yaml")
KEYS = {"alert", "expr", "for", "keep_firing_for", "labels", "annotations"}


def check(text: str) -> list[str]:
    """Return the names of the alerts in a rule file.

    Raises ValueError with what is wrong. What a function serves depends on its runs,
    so count one before.
    """
    samples = [sample for family in DjangoQ().collect() for sample in family.samples]
    rules = [r for group in yaml.safe_load(text)["groups"] for r in group["rules"]]
    for rule in rules:
        name = rule["alert"]
        if unknown := rule.keys() - KEYS:
            raise ValueError(f"{name}: alert rules have no {', '.join(unknown)}")
        try:
            promql_parser.parse_duration(rule["for"])
            selectors = list(selected(promql_parser.parse(rule["expr"])))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        for metric, labels in selectors:
            if not any(s.name == metric and labels <= s.labels.keys() for s in samples):
                wanted = ", ".join(sorted(labels))
                raise ValueError(f"{name}: nothing serves {metric}{{{wanted}}}")
    return [rule["alert"] for rule in rules]


def selected(expression: Expr) -> Iterator[tuple[str | None, set[str]]]:
    """Yield the metrics that an expression reads, each with its labels."""
    selectors = []

    def visit(part: object) -> None:
        selectors.append(getattr(part, "vector_selector", part))

    promql_parser.walk(expression, visit)
    for part in selectors:
        if isinstance(part, promql_parser.VectorSelector):
            yield part.name, {matcher.name for matcher in part.matchers.matchers}
