"""The schedules of this release; write your own."""

from django_q.models import Schedule

SCHEDULES = {
    "clear sessions": {
        "func": "django.core.management.call_command",
        "args": "('clearsessions',)",
        "schedule_type": Schedule.DAILY,
    },
}
