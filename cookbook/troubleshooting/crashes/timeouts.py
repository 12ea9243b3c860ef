"""A timeout that is not a whole number makes every task fail.

>>> from cookbook.harness.trial import observe
>>> from cookbook.troubleshooting.crashes.timeouts import end
>>> observe(end, timeout=1.5)
"'float' object cannot be interpreted as an integer"
>>> observe(end, timeout=60)
7
"""

from django_q.tasks import async_task, result


def end():
    """Return the result of a task, or the first words of its error."""
    value = result(async_task(abs, -7, ack_failure=True), wait=60_000)
    return value.split(" : ")[0] if isinstance(value, str) else value
