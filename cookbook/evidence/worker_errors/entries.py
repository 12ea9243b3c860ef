"""Messages about PRODUCTION_PROCESSES: an entry, its BACKEND, or the command.

An entry is no dictionary:

>>> from cookbook.harness.trial import WORKER, Project
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(PRODUCTION_PROCESSES={"worker": WORKER})
>>> site.says("worker", "worker")
TypeError: string indices must be integers, not 'str'
>>> site.has(PRODUCTION_PROCESSES={"worker": None})
>>> site.says("worker", "worker")
TypeError: 'NoneType' object is not subscriptable

BACKEND is no path, no string, or the path of something else:

>>> site.has(PRODUCTION_PROCESSES={"worker": {"BACKEND": "DjangoQ2Worker"}})
>>> site.says("worker", "worker")
ValueError: not enough values to unpack (expected 2, got 1)
ImportError: DjangoQ2Worker doesn't look like a module path
>>> site.has(PRODUCTION_PROCESSES={"worker": {"BACKEND": None}})
>>> site.says("worker", "worker")
AttributeError: 'NoneType' object has no attribute 'rsplit'
>>> site.has(PRODUCTION_PROCESSES={"worker": {"BACKEND": "django_q.cluster.Cluster"}})
>>> site.says("worker", "worker")
CommandError: Backend 'django_q.cluster.Cluster' ... is not a valid worker backend.

The command of version 2, and a name that is not in the setting:

>>> site.has()
>>> print(site.run("prodserver", "worker").strip())
DeprecationWarning: The `prodserver` management command is deprecated ...
CommandError: Backend '...' configured ... 'worker' is not a valid server backend.
That backend is a worker backend; run `python manage.py worker worker` instead.
>>> site.says("worker", "wroker")
manage.py worker: error: argument process_name: invalid choice: 'wroker' ...
>>> site.close()
"""
