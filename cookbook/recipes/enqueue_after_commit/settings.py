"""The queue is a table of the database that holds the data.

>>> from django.contrib.auth import get_user_model
>>> from django.db import router
>>> from django_q.brokers import get_broker
>>> get_broker().info(), router.db_for_write(get_user_model())
('ORM default', 'default')
"""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 120,
}
