"""Queue a task later, or again and again.

All keywords of `schedule`, as its source lists them:

>>> from cookbook.reference.schedules import list_keywords
>>> print(list_keywords())
| Keyword | What it decides | Default |
| --- | --- | --- |
| [`cluster`](#cluster) | Which cluster queues and runs it | the main one |
| [`cron`](#cron) | When it runs, as a cron expression | none |
| [`hook`](#hook) | Which function gets each stored result | none |
| [`intended_date_kwarg`](#intended_date_kwarg) | Which argument gets its time | none |
| [`minutes`](#minutes) | The pause of the type Minutes | 1 |
| [`name`](#name) | A name, and the group of the results | none |
| [`next_run`](#next_run) | When it is due | now |
| [`repeats`](#repeats) | How often it runs | -1, for ever |
| [`schedule_type`](#schedule_type) | How long after a run the next one follows | Once |
"""

import ast
import inspect

from django_q.tasks import schedule

from cookbook.harness.trial import table

# What a keyword decides, and its default.
KEYWORDS = {
    "cluster": ("Which cluster queues and runs it", "the main one"),
    "cron": ("When it runs, as a cron expression", "none"),
    "hook": ("Which function gets each stored result", "none"),
    "intended_date_kwarg": ("Which argument gets its time", "none"),
    "minutes": ("The pause of the type Minutes", "1"),
    "name": ("A name, and the group of the results", "none"),
    "next_run": ("When it is due", "now"),
    "repeats": ("How often it runs", "-1, for ever"),
    "schedule_type": ("How long after a run the next one follows", "Once"),
}


def keywords():
    """Return the keywords that schedule takes for itself, from its source."""
    return sorted(
        node.args[0].value
        for node in ast.walk(ast.parse(inspect.getsource(schedule)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "kwargs.pop"
    )


def list_keywords():
    """Return the keywords as a table; one that nobody has described is an error."""
    rows = {f"[`{name}`](#{name})": " | ".join(KEYWORDS[name]) for name in keywords()}
    heads = ("Keyword", "What it decides | Default")
    return table(rows, heads).replace("| --- | --- |", "| --- | --- | --- |")
