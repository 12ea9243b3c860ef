"""Keep as many clusters on this host as the queue asks for.

`python supervisor.py python manage.py qcluster` starts the first one, and stops all
of them on SIGTERM. It has to run in the environment of the project.

>>> import sys
>>> from cookbook.scaling.auto_scaling.supervisor import main, wanted
>>> [wanted(waiting) for waiting in (0, 1, 10, 11, 20, 21, 5000)]
[1, 1, 1, 2, 2, 3, 3]

While the broker does not answer, the number of clusters stays as it is, and an
error that nobody expected ends the clusters with the supervisor:

>>> from contextlib import suppress
>>> from unittest.mock import patch
>>> broken, sleeper = OSError("refused"), "import signal; signal.pause()"
>>> with suppress(SystemExit), patch("django_q.brokers.get_broker") as broker:
...     broker().queue_size.side_effect = [25, broken, broken, 24, SystemExit]
...     with patch("time.time", return_value=7):
...         main([sys.executable, "-c", sleeper])
7.0 25 3 0
7.0 OSError('refused') 3 0
7.0 24 3 0
ended with -15 -15 -15
"""

import math
import signal
import subprocess
import sys
import time

import django

LEAST, MOST = 1, 3  # Clusters.
PER_CLUSTER = 10  # Waiting tasks for which one more cluster is worth its start.
HOLD = 3  # Seconds that fewer have to be wanted before one is stopped.


def wanted(waiting):
    """Return how many clusters this many waiting tasks ask for."""
    return max(LEAST, min(MOST, math.ceil(waiting / PER_CLUSTER)))


class Fleet:
    """The clusters of this host: those that work, and those that are leaving."""

    def __init__(self, command):
        self.command = command
        self.working, self.leaving = [], []
        self.enough_since = None

    def start(self):
        # A session of its own: Ctrl-C in a terminal reaches the supervisor alone.
        cluster = subprocess.Popen(self.command, start_new_session=True)
        self.working.append(cluster)

    def stop(self):
        """Let the youngest finish what it holds; nobody waits for it here."""
        cluster = self.working.pop()
        cluster.terminate()  # SIGTERM to the main process, and never SIGKILL.
        self.leaving.append(cluster)

    def follow(self, number, now):
        """Come nearer to `number` clusters: up at once, down one after the other."""
        self.working = [c for c in self.working if c.poll() is None]
        self.leaving = [c for c in self.leaving if c.poll() is None]
        # Those that leave still run: together they stay within the number.
        while len(self.working) + len(self.leaving) < number:
            self.start()
        if len(self.working) <= number or self.leaving:
            self.enough_since = None
        elif self.enough_since is None:
            self.enough_since = now
        elif now - self.enough_since > HOLD:
            self.stop()


def main(command):
    from django.db import connections
    from django_q.brokers import get_broker

    fleet, ended, before = Fleet(command), [], None
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    try:
        while not ended:
            try:
                seen = get_broker().queue_size()
                number = wanted(seen)
            except Exception as error:
                seen, number = repr(error), max(LEAST, len(fleet.working))
                connections.close_all()  # The next question opens a new one.
            fleet.follow(number, time.monotonic())
            state = seen, len(fleet.working), len(fleet.leaving)
            if state != before:
                print(f"{time.time():.1f}", *state, flush=True)
            before = state
            time.sleep(0.5)
    finally:  # Ctrl-C comes here too, and no cluster is left without a supervisor.
        while fleet.working:
            fleet.stop()
        codes = [cluster.wait() for cluster in fleet.leaving]
        print("ended with", *codes, flush=True)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1:])
