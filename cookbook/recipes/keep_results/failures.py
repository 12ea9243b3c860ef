"""Enqueue failed tasks again, as many as you like."""

from django.db import router, transaction
from django.db.models import QuerySet
from django_q.models import Failure, OrmQ
from django_q.tasks import async_task


def resubmit(failures: QuerySet[Failure]) -> int:
    """Enqueue each task and delete its row; return how many.

    It leaves a failure that the ORM broker will deliver again.
    """
    waiting = {row.task_id() for row in OrmQ.objects.iterator()}
    total, using = 0, router.db_for_write(Failure)
    for pk in list(failures.values_list("pk", flat=True)):
        if pk in waiting:
            continue
        with transaction.atomic(using, durable=True):
            row = Failure.objects.using(using).filter(pk=pk)
            failure = row.first()
            if failure is None or not row.delete()[0]:
                continue  # Somebody else was faster.
            options = {"hook": failure.hook, "group": failure.group}
            options |= {"cluster": failure.cluster}
            async_task(
                failure.func, *failure.args or (), q_options=options,
                **failure.kwargs or {},
            )  # fmt: skip
            total += 1
    return total
