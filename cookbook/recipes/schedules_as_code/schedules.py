"""The schedules of this app; each app can have such a module."""

from django.core.management import call_command

from .registry import register

register(call_command, "clearsessions", name="clear sessions", cron="30 4 * * *")
