"""Queue a function call, choose its options, and read its result.

All options of `async_task`, as its source lists them:

>>> from cookbook.reference.tasks import list_options
>>> print(list_options())
| Option | What it decides |
| --- | --- |
| [`ack_failure`](#ack_failure) | Whether a failed task leaves the queue |
| [`broker`](#broker) | Which broker object gets the task |
| [`cached`](#cached) | Whether the result goes to the cache, and for how long |
| [`chain`](#chain-iter_count-iter_cached) | Set by `async_chain` |
| [`cluster`](#cluster) | Which queue gets the task |
| [`group`](#group) | The label that several results share |
| [`hook`](#hook) | Which function gets the stored result |
| [`iter_cached`](#chain-iter_count-iter_cached) | Set by `async_iter` |
| [`iter_count`](#chain-iter_count-iter_cached) | Set by `async_iter` |
| [`q_options`](#q_options) | Options as a dictionary |
| [`save`](#save) | Whether a success is stored |
| [`sync`](#sync) | Whether the task runs at once, in this process |
| [`task_name`](#task_name) | The name of the result |
| [`timeout`](#timeout) | The number of seconds the task may run |
"""

import ast
import inspect

from django_q.tasks import async_task

from cookbook.harness.trial import table

# What an option decides, and under which heading the page describes it.
OPTIONS = {
    "ack_failure": "Whether a failed task leaves the queue",
    "broker": "Which broker object gets the task",
    "cached": "Whether the result goes to the cache, and for how long",
    "chain": "Set by `async_chain`",
    "cluster": "Which queue gets the task",
    "group": "The label that several results share",
    "hook": "Which function gets the stored result",
    "iter_cached": "Set by `async_iter`",
    "iter_count": "Set by `async_iter`",
    "q_options": "Options as a dictionary",
    "save": "Whether a success is stored",
    "sync": "Whether the task runs at once, in this process",
    "task_name": "The name of the result",
    "timeout": "The number of seconds the task may run",
}
INTERNAL = ("chain", "iter_count", "iter_cached")


def options():
    """Return the keywords that async_task takes for itself, from its source."""
    names = set()
    for node in ast.walk(ast.parse(inspect.getsource(async_task))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "opt_keys":
            names |= set(ast.literal_eval(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "keywords.pop":
            names |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return sorted(filter(None, names))


def list_options():
    """Return the options as a table; one that nobody has described is an error."""
    headings = dict.fromkeys(INTERNAL, "-".join(INTERNAL))
    rows = {
        f"[`{name}`](#{headings.get(name, name)})": OPTIONS[name] for name in options()
    }
    return table(rows, ("Option", "What it decides"))
