"""What the site does: enqueue tasks, and look at what became of them."""

from collections import Counter

from django.core.management import call_command
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success, Task
from django_q.tasks import async_task, fetch


def migrate(target):
    call_command("migrate", "shop", target, verbosity=0)


def set_up():
    """Make the schedules of this release, or change them; return how many there are."""
    Schedule.objects.update_or_create(
        name="pack",
        defaults={
            "func": "shop.tasks.pack_order",
            "args": "(7,)",
            "schedule_type": Schedule.DAILY,
        },
    )
    return Schedule.objects.count()


def last():
    """Say whether the schedule's last task succeeded, and make it due again."""
    Schedule.objects.update(next_run=timezone.now())
    return Task.objects.latest("stopped").success


def enqueue(tasks):
    """Enqueue tasks of each kind with the code of the old release."""
    from shop.models import Order
    from shop.tasks import charge, label, pack

    order = Order.objects.create(number=7)
    kinds = {
        "function renamed; sent by reference": (pack, 7),
        "function renamed; sent by name": ("shop.tasks.pack", 7),
        "argument added": (charge, 7),
        "argument is a key; was a model instance": (label, order),
        "field of a sent model instance replaced": (str, order),
        "nothing": ("shop.orders.place", 8),
    }
    for kind, call in kinds.items():
        for _ in range(tasks):
            async_task(*call, task_name=kind)
    return list(kinds)


def outcome(kinds):
    """Count, for each kind, tasks that succeeded, that failed, that only wait."""
    rows = [(row.task_id(), row.name()) for row in OrmQ.objects.all()]
    before = set(Task.objects.values_list("id", flat=True))
    return [
        (
            Success.objects.filter(name=kind).count(),
            Failure.objects.filter(name=kind).count(),
            sum(name == kind and pk not in before for pk, name in rows),
        )
        for kind in kinds
    ]


def unlock():
    """Let what was taken come back now, rather than when `retry` is over."""
    return OrmQ.objects.update(lock=timezone.now())


def send():
    """Send to old and careful clusters, then to a careful one alone; count results."""
    return {
        "sent as before": count(2, 7),
        "sent with a currency": count(2, 7, "USD"),
        "sent to its own queue": count(1, 7, "USD", cluster="shop-2"),
    }


def count(forms, *arguments, **options):
    """Send rounds of ten tasks until they came to so many forms of results; count."""
    from shop.tasks import charge

    counted = Counter()
    while len(counted) < forms:
        ids = [async_task(charge, *arguments, **options) for _ in range(10)]
        for task in [fetch(each, wait=60_000) for each in ids]:
            came = task.result.removeprefix("7 ") if task.success else "failed"
            counted[came] += 1
    return dict(counted)


def place(*targets):
    """Migrate to each target and send two tasks that write a row; count outcomes."""
    return [outcomes_after(target) for target in targets]


def outcomes_after(target):
    migrate(target)
    ids = [async_task("shop.orders.place", number) for number in (1, 2)]
    successes = [fetch(task, wait=60_000).success for task in ids]
    return successes.count(True), successes.count(False)
