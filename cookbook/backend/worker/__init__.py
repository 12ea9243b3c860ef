"""Run the cluster as a service that stops without cutting a task off.

Needs: django-prodserver[django-q2].

A clean stop takes at most this number of seconds:

>>> from math import ceil
>>> timeout, workers, queue_limit, bulk = 60, 2, 2, 1
>>> timeout * (1 + ceil((queue_limit + bulk) / workers))
180
"""
