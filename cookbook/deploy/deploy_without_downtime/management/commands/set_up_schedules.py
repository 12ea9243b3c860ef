"""Create the schedules of this release, or change them.

Run the command at every deploy; here in `python manage.py shell`. It does not change
`next_run`, otherwise each deploy would start every schedule. It lists the schedules in
the database that this release does not define.

>>> from django.core.management import call_command
>>> call_command("set_up_schedules")
created: clear sessions
>>> call_command("set_up_schedules")
updated: clear sessions
>>> from django_q.models import Schedule
>>> old = Schedule.objects.create(name="old report", func="shop.tasks.report")
>>> call_command("set_up_schedules")
updated: clear sessions
not in this release: old report
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import import_string
from django_q.models import Schedule

from ...schedules import SCHEDULES


class Command(BaseCommand):
    help = "Create the schedules of this release, or change them."

    def handle(self, **options: object) -> None:
        check()
        with transaction.atomic():
            for name, fields in SCHEDULES.items():
                try:
                    _, is_new = Schedule.objects.update_or_create(
                        name=name, defaults=fields
                    )
                except Schedule.MultipleObjectsReturned:
                    raise CommandError(
                        f"two schedules are called {name!r}; delete one in the admin"
                    ) from None
                self.stdout.write(f"{'created' if is_new else 'updated'}: {name}")
        others = Schedule.objects.exclude(name__in=SCHEDULES).order_by("name")
        for name in others.values_list("name", flat=True):
            self.stdout.write(f"not in this release: {name}")


def check() -> None:
    """Raise CommandError for a function that this release does not have."""
    for name, fields in SCHEDULES.items():
        try:
            import_string(fields["func"])
        except ImportError as error:
            raise CommandError(f"schedule {name!r}: {error}") from None
