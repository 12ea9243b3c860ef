"""Messages about INSTALLED_APPS: an app is not in the list.

>>> from cookbook.harness.trial import Project
>>> site = Project("django-prodserver", "django-q2")
>>> site.has(apps=["django_prodserver"])
>>> site.says("worker", "worker")
django.core.exceptions.ImproperlyConfigured: Add 'django_q' to INSTALLED_APPS to use ...

The path of the app's configuration class does not pass:

>>> site.has(apps=["django_q.apps.DjangoQConfig", "django_prodserver"])
>>> site.says("worker", "worker")
django.core.exceptions.ImproperlyConfigured: Add 'django_q' to INSTALLED_APPS to use ...

Without `django_prodserver` Django does not know the command:

>>> site.has(apps=["django_q"])
>>> site.run("worker", "worker").splitlines()[0]
"Unknown command: 'worker'"
>>> site.close()
"""
