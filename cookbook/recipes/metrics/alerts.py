"""Check that alert rules are well formed and ask only for what the endpoint serves.

>>> from cookbook.recipes.metrics.alerts import check
>>> import shutil, subprocess
>>> from pathlib import Path
>>> from django.core.management import call_command
>>> from cookbook.recipes.metrics.collector import DjangoQ
>>> from cookbook.recipes.metrics.models import Finished
>>> call_command("migrate", verbosity=0)
>>> call_command("createcachetable")
>>> Finished.objects.add("shop.tasks.send", "failure", waited=0.2, ran=3)
>>> served = [sample for family in DjangoQ().collect() for sample in family.samples]
>>> from cookbook.recipes.metrics import alerts
>>> rules = Path(alerts.__file__).with_name("alerts.yaml").read_text()
>>> print(*sorted(check(rules, served)))
AllWorkersBusy NoCluster NothingEnds QueueIsLate TasksAreSlow TasksFail

A rule whose metric or label does not exist never fires. This finds it:

>>> check(rules.replace("oldest_seconds", "oldest"), served)
Traceback (most recent call last):
    ...
ValueError: QueueIsLate: nothing serves django_q_oldest{}
>>> check(rules.replace('state="idle"', 'status="idle"'), served)
Traceback (most recent call last):
    ...
ValueError: AllWorkersBusy: nothing serves django_q_workers{status}
>>> check(rules.replace("or django", "ore django"), served)
Traceback (most recent call last):
    ...
ValueError: ...
>>> check(rules.replace("for:", "four:"), served)
Traceback (most recent call last):
    ...
ValueError: NoCluster: alert rules have no four

Where Prometheus's own checker is installed, it agrees:

>>> promtool = shutil.which("promtool")
>>> yaml_file = str(Path(alerts.__file__).with_name("alerts.yaml"))
>>> not promtool or subprocess.call([promtool, "check", "rules", yaml_file]) == 0
True

Needs: prometheus-client, promql-parser, pyyaml.
"""

import promql_parser
import yaml

KEYS = {"alert", "expr", "for", "keep_firing_for", "labels", "annotations"}


def check(text, served):
    """Return the names of the alerts in a rule file.

    `served` are the samples of the endpoint. Raises ValueError with what is wrong.
    """
    groups = yaml.safe_load(text)["groups"]
    rules = {rule["alert"]: rule for group in groups for rule in group["rules"]}
    for name, rule in rules.items():
        if unknown := rule.keys() - KEYS:
            raise ValueError(f"{name}: alert rules have no {', '.join(unknown)}")
        promql_parser.parse_duration(rule["for"])
        for metric, labels in selected(promql_parser.parse(rule["expr"])):
            if not any(s.name == metric and labels <= s.labels.keys() for s in served):
                wanted = ", ".join(sorted(labels))
                raise ValueError(f"{name}: nothing serves {metric}{{{wanted}}}")
    return rules


def selected(expression):
    """Return the metrics that an expression reads, each with its labels."""
    found = []

    def visit(part):
        part = getattr(part, "vector_selector", part)
        if isinstance(part, promql_parser.VectorSelector):
            found.append((part.name, {m.name for m in part.matchers.matchers}))

    promql_parser.walk(expression, visit)
    return found
