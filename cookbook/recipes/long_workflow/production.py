"""Memory and errors in production, each seen at work.

`max_rss` replaces a worker after the task in which it grew too large. One kilobyte is
too little for any, so each of these tasks had a worker of its own:

>>> import os
>>> from django_q.tasks import async_task, result
>>> first, second = async_task(os.getpid), async_task(os.getpid)
>>> result(first, wait=10_000) != result(second, wait=10_000)
True

What the task logs about a failed run carries the exception and a constant text, so
that error trackers which listen to `logging` group the runs:

>>> from contextlib import suppress
>>> from unittest import TestCase
>>> from django.contrib.auth import get_user_model
>>> from cookbook.recipes.long_workflow.tasks import WorkflowRun, execute_workflow
>>> bad = WorkflowRun.objects.create(
...     user=get_user_model().objects.create_user("ada"),
...     workflow="report", inputs={"pages": 0},
... )
>>> with TestCase().assertLogs() as logs, suppress(ValueError):
...     execute_workflow(bad.pk)
>>> logs.records[0].getMessage(), logs.records[0].exc_info[0]
('Workflow report failed', <class 'ValueError'>)

While no plugin is installed, `error_reporter` is switched off, and nothing says so:

>>> from django_q import conf
>>> conf.error_reporter is None
True
"""

Q_CLUSTER = {
    "name": "studio",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 120,
    "max_rss": 1,
    "error_reporter": {"sentry": {"dsn": "https://key@sentry.example/1"}},
}
