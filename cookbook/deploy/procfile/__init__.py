"""A Procfile whose cluster stops without losing work on Heroku and similar platforms.

Needs: django-prodserver[django-q2], gunicorn.

`python manage.py shell` counts the seconds that a clean stop of your cluster can take:

>>> from math import ceil
>>> from django_q.conf import Conf
>>> rounds = 1 + ceil((Conf.QUEUE_LIMIT + Conf.BULK) / Conf.WORKERS)
>>> rounds * Conf.TIMEOUT + 10
30
"""
