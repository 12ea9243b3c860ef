"""Run as many clusters on this host as the queue asks for.

`python -m cookbook.scaling.auto_scaling.supervisor python manage.py qcluster` starts
the first cluster. SIGTERM and Ctrl-C stop all clusters cleanly.
"""

import argparse
import math
import signal
import time
from datetime import datetime

import django
from django.conf import settings
from django.db import connections
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf

from .fleet import Fleet, wanted


def supervise(fleet: Fleet, least: int, most: int, each: int) -> None:
    """Compare the queue with the clusters every half second, until a signal comes."""
    broker: Broker | None = None
    signals, before = [], ""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: signals.append(True))
    try:
        while not signals:
            try:
                broker = broker or get_broker()  # The ORM broker connects here.
                waiting = broker.queue_size()
                clusters = wanted(waiting, least, most, each)
                reason = f"{waiting} waiting"
            except Exception as error:  # The broker is away: keep what runs.
                clusters, reason = max(least, len(fleet.working)), repr(error)
                connections.close_all()  # The next look opens a new one.
            fleet.follow(clusters, time.monotonic())
            counts = f"{len(fleet.working)} working, {len(fleet.stopping)} stopping"
            if before != (before := f"{reason}, {counts}"):
                print(datetime.now().isoformat(" ", "seconds"), before, flush=True)
            time.sleep(0.5)
    finally:  # After an error too: no cluster is left without a supervisor.
        while fleet.working:
            fleet.stop()
        print("ended with", *[c.wait() for c in fleet.stopping], flush=True)


def queue_names() -> list[str]:
    """Return the queues that the settings name."""
    keys = settings.Q_CLUSTER
    own = keys.get("cluster_name") or keys.get("name") or Conf.PREFIX
    return [own, *keys.get("ALT_CLUSTERS", {})]


def main() -> None:
    parser = argparse.ArgumentParser(description="Run clusters as the queue asks.")
    parser.add_argument("--least", type=int, default=1, help="clusters")
    parser.add_argument("--most", type=int, default=3, help="clusters")
    parser.add_argument("--each", type=int, default=20, help="waiting tasks for one")
    parser.add_argument("--hold", type=float, default=300, help="seconds to a stop")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="of a cluster")
    options = parser.parse_args()
    if not 1 <= options.least <= options.most or options.each < 1:
        parser.error("--least and --each are 1 or more, --most is not below --least")
    if not math.isfinite(options.hold):
        parser.error("--hold is a number of seconds")
    if not options.command:
        parser.error("name the command of a cluster: python manage.py qcluster")
    django.setup()
    if Conf.CLUSTER_NAME not in queue_names():  # It comes from Q_CLUSTER_NAME.
        parser.error(f"no setting names a queue {Conf.CLUSTER_NAME!r}")
    fleet = Fleet(options.command, options.hold)
    supervise(fleet, options.least, options.most, options.each)


if __name__ == "__main__":
    main()
