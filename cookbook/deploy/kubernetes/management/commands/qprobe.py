"""Say by the exit code whether the cluster on this host is alive."""

from socket import gethostname

from django.core.management import BaseCommand, CommandError
from django_q.status import Stat


class Command(BaseCommand):
    help = "Exit with 1 unless a cluster on this host has told of itself lately."
    requires_system_checks = []

    def handle(self, **options):
        if not any(stat.host == gethostname() for stat in Stat.get_all()):
            raise CommandError("no cluster on this host")
