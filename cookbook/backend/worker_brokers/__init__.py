"""Settings for each broker of Django-Q2.

Needs: redis (with Redis), django-redis (with the Redis of a cache), boto3 (with SQS).

Ask a project which broker it uses:

>>> from django_q.brokers import get_broker
>>> get_broker().info()
'ORM default'
"""
