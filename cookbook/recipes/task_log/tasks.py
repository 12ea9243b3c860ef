"""The first task to run on a new server: it logs a line beside those of Django-Q2.

>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.task_log.tasks import greet
>>> result(async_task(greet, "Ada"), wait=10_000)
'hello Ada'
"""

import logging

logger = logging.getLogger("django-q")


def greet(name: str) -> str:
    """Log whom it greets, and return the greeting."""
    logger.info("greeting %s", name)
    return f"hello {name}"
