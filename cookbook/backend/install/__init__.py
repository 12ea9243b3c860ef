"""Name the processes of a site in its settings, and start each by its name.

Needs: django-prodserver[django-q2].

`ARGS` of a process become options of the command that it starts:

>>> from django_prodserver.backends.workers.django_q2 import DjangoQ2Worker
>>> DjangoQ2Worker(ARGS={"verbosity": "2", "run-once": None}).args
['--verbosity=2', '--run-once']
"""
