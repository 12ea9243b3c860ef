from django_q.models import Task

old = Task.objects.using("old").iterator()
Task.objects.bulk_create(old, batch_size=1000, ignore_conflicts=True)
