"""Start a task later: a schedule that runs once.

>>> from datetime import timedelta
>>> from django.utils import timezone
>>> from django_q.tasks import schedule
>>> moment = timezone.now() + timedelta(hours=1)
>>> later = schedule("builtins.abs", -1, next_run=moment)
>>> later.get_schedule_type_display()
'Once'
"""
