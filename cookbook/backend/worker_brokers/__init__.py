"""Run the same worker on each broker, and ask from inside a task what it keeps.

Needs: django-prodserver, redis, django-redis, boto3.

>>> work(ORM)
[('ORM default', 'yes')]
"""

from .configurations import ORM  # noqa: F401  The session above uses what has this.
from .kept import measure  # noqa: F401  `nox -s bench` looks for it here.
from .runs import work  # noqa: F401
