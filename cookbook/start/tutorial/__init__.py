"""The news site of the tutorial, as it stands after the last step.

>>> import io, runpy, unittest
>>> from cookbook.catalogue import find
>>> file = find("tutorial").path / "config/settings.py"
>>> project = {"INSTALLED_APPS": [], "DATABASES": {"default": {}}}
>>> added = runpy.run_path(file, project)
>>> added["INSTALLED_APPS"], added["Q_CLUSTER"]["timeout"], added["Q_CLUSTER"]["retry"]
(['django_q', 'news'], 5, 10)
>>> from cookbook.start.tutorial.news import tests
>>> suite = unittest.defaultTestLoader.loadTestsFromModule(tests)
>>> unittest.TextTestRunner(io.StringIO()).run(suite)
<unittest.runner.TextTestResult run=4 errors=0 failures=0>

The page says that `result` gives the error of a failed task, and that resubmitting
it in the admin deletes its row and queues the task anew, under another id.

>>> from django.contrib import admin
>>> from django.utils.timezone import now
>>> from django_q.admin import FailAdmin, resubmit_task
>>> from django_q.models import Failure, OrmQ
>>> from django_q.tasks import result
>>> failed = Failure.objects.create(
...     id="1" * 32, name="old", func="news.tasks.count_words", args=("second.txt",),
...     started=now(), stopped=now(), success=False, result="not yet : Traceback",
... )
>>> result(failed.id), result("2" * 32)
('not yet : Traceback', None)
>>> resubmit_task(FailAdmin(Failure, admin.site), None, Failure.objects.all())
>>> Failure.objects.count()
0
>>> queued = OrmQ.objects.get()
>>> queued.func(), queued.args(), queued.task_id() != failed.id
('news.tasks.count_words', ('second.txt',), True)
"""
