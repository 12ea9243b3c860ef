"""Run the same worker on each broker, and ask from inside a task what it keeps.

Needs: django-prodserver, redis, django-redis, boto3.

The ORM broker still has the task while it runs. One Redis, reached in three ways, has
forgotten it:

>>> from cookbook.evidence.worker_brokers.runs import at_port, page_settings, work
>>> from cookbook.harness.trial import redis_with_password
>>> work(page_settings("orm"))
[('ORM default', 'yes')]
>>> with redis_with_password() as server:
...     for name in ("redis", "redis_url", "django_redis"):
...         work(at_port(page_settings(name), server.port))
[('Redis 6.2.14', 'no')]
[('Redis 6.2.14', 'no')]
[('Redis 6.2.14', 'no')]
"""
