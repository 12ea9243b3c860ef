"""Run the same worker on each broker, and ask from inside a task what it keeps.

Needs: django-prodserver, redis, django-redis, boto3.

>>> from cookbook.backend.worker_brokers.configurations import ORM
>>> from cookbook.backend.worker_brokers.runs import work
>>> work(ORM)
[('ORM default', 'yes')]
"""

from .kept import measure

__all__ = ["measure"]
