"""The message of a database without the tables of Django-Q2; the worker goes on.

>>> from cookbook.evidence.worker_errors.packages import ONCE
>>> from cookbook.harness.trial import Project, wait_until
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(more="DATABASES['default']['NAME'] = BASE_DIR / 'empty.sqlite3'")
>>> worker = site.start("worker", "worker")
>>> def errors():
...     return [line for line in worker.log.splitlines() if "OperationalError" in line]
>>> print(wait_until(errors, 90, lambda: worker.log)[-1])
django.db.utils.OperationalError: no such table: django_q_ormq
>>> worker.process.poll() is None
True
>>> worker.kill()

After `migrate` it runs:

>>> "Applying django_q.0001_initial... OK" in site.run("migrate")
True
>>> site.has(PRODUCTION_PROCESSES=ONCE)
>>> site.says("worker", "worker")
[Q] INFO Q Cluster ... has stopped.
>>> site.close()
"""
