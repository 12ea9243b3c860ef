"""The message of a call from Python: the command has no handle().

>>> from cookbook.evidence.worker_errors.packages import ONCE
>>> from cookbook.harness.trial import Project
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> call = "from django.core.management import call_command; call_command({})"
>>> site.says("shell", "-c", call.format("'worker', 'worker'"))
NotImplementedError: subclasses of BaseCommand must provide a handle() method

`qcluster`, which is what the backend calls, can be called:

>>> site.says("shell", "-c", call.format("'qcluster', run_once=True"))
[Q] INFO Q Cluster ... has stopped.
>>> site.close()
"""
