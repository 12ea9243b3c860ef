"""Find the mistakes that settings show: `manage.py check --deploy --tag queue`.

>>> from django.core.checks import run_checks
>>> from django.test.utils import override_settings
>>> from cookbook.recipes.sqlite_in_production.settings import Q_CLUSTER
>>> def complaints(**changed):
...     with override_settings(**changed):
...         found = run_checks(tags=["queue"], include_deployment_checks=True)
...     return [complaint.id for complaint in found]
>>> complaints()
[]
>>> complaints(Q_CLUSTER=Q_CLUSTER | {"retry": 90, "sync": True})
['queue.W003', 'queue.W004']
>>> complaints(Q_CLUSTER={"name": "club", "orm": "default"})
['queue.W003']
>>> complaints(LOGGING={"loggers": {"django_q": {}}})
['queue.W002']
>>> complaints(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3"}})
['queue.W001']
"""

from math import ceil, inf

from django.conf import settings
from django.core.checks import Warning as Complaint
from django.core.checks import register
from django_q.conf import Conf


@register("queue", deploy=True)
def check_queue(app_configs, **kwargs):
    """Return what would lock the database, hide the log or run tasks twice."""
    cluster, found = settings.Q_CLUSTER, []
    for alias, database in settings.DATABASES.items():
        mode = database.get("OPTIONS", {}).get("transaction_mode")
        if "sqlite3" in database["ENGINE"] and mode != "IMMEDIATE":
            hint = f'Set "transaction_mode": "IMMEDIATE" in the OPTIONS of {alias!r}.'
            found.append(Complaint("SQLite will refuse writes.", hint, id="queue.W001"))
    if "django_q" in settings.LOGGING.get("loggers", {}):
        hint = 'Call the logger "django-q", with a hyphen.'
        found.append(Complaint("Nothing logs there.", hint, id="queue.W002"))
    longest, retry = longest_hold(cluster), cluster.get("retry", Conf.RETRY)
    if retry <= longest:
        hint = f'A task may take {longest} s from pickup; "retry" is {retry} s.'
        found.append(Complaint("Tasks will run twice.", hint, id="queue.W003"))
    if cluster.get("sync"):
        hint = 'Remove "sync" from Q_CLUSTER; give it to async_task() in a test.'
        found.append(Complaint("Requests wait for tasks.", hint, id="queue.W004"))
    return found


def longest_hold(cluster):
    """Return the most seconds that a cluster can hold a task before it is done.

    A picked-up task waits behind a full queue, and every task takes its `timeout`.
    """
    workers = cluster.get("workers", Conf.WORKERS)
    ahead = cluster.get("queue_limit", workers**2) + cluster.get("bulk", 1)
    return (cluster.get("timeout") or inf) * (1 + ceil(ahead / workers))
