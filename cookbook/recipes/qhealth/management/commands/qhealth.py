"""Say in one line whether the clusters work.

A cluster runs, and its task has ended:

>>> from django.core.management import call_command
>>> from django_q.tasks import async_task, result
>>> call_command("createcachetable")
>>> result(async_task("math.sqrt", 4), wait=60_000)
2.0
>>> call_command("qhealth", wait=60)
HEALTHY: 1 cluster, 0 waiting

`live` reads no queue, so a late one cannot restart the cluster that works on it:

>>> call_command("qhealth", "live", wait=60)
HEALTHY: 1 cluster
"""

import json
import math
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django_q.conf import Conf

from ...codes import Code
from ...findings import find


class Command(BaseCommand):
    help = "Say in one line whether the clusters work; exit codes for probes."
    requires_system_checks = ()  # A probe runs often, and asks one thing.

    def add_arguments(self, parser: ArgumentParser) -> None:
        add, timeout = parser.add_argument, Conf.TIMEOUT or 3600
        add("scope", nargs="?", choices=["live", "queue"])
        add("--wait", type=finite, default=Conf.GUARD_CYCLE + 2, metavar="SECONDS")
        add("--stalled", type=finite, default=timeout + 30, metavar="SECONDS")
        add("--late", type=finite, default=300, metavar="SECONDS")
        add("--fetched", type=int, default=3, metavar="TIMES")
        add("--json", action="store_true", dest="as_json")
        add("--codes", action="store_true", help="list the exit codes")

    def handle(
        self,
        *,
        scope: str | None,
        wait: float,
        stalled: float,
        late: float,
        fetched: int,
        as_json: bool,
        codes: bool,
        **options: object,
    ) -> None:
        if codes:
            for code in Code:
                self.stdout.write(f"{code:d}  {code.name:<10}  {code.meaning}")
            return
        try:
            facts, findings = find(scope, wait, stalled, late, fetched)
        except Exception as error:  # Each cache, driver and broker has its own.
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            facts, findings = {}, [(Code.UNKNOWN, reason)]
        code, reason = (findings or [(Code.HEALTHY, sentence(facts))])[0]
        if as_json:
            reasons = [{"code": c, "name": c.name, "reason": r} for c, r in findings]
            self.stdout.write(json.dumps({"code": code, **facts, "findings": reasons}))
        else:
            self.stdout.write(f"{code.name}: {reason}")
        # To restart the cluster would not bring back a cache that is down.
        if code and not (scope == "live" and code == Code.UNKNOWN):
            sys.exit(int(code))


def finite(text: str) -> float:
    """Refuse what would never be over: `nan`, `inf` and 1e400."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def sentence(facts: dict[str, float]) -> str:
    """Return the number of clusters, and of tasks if the queue was read."""
    plural = "" if facts["clusters"] == 1 else "s"
    waiting = f", {facts['waiting']} waiting" if "waiting" in facts else ""
    return f"{facts['clusters']} cluster{plural}{waiting}"
