"""The clusters of one host, and how many of them a queue asks for."""

import math
import subprocess


def wanted(waiting: int, least: int, most: int, each: int) -> int:
    """Return how many clusters to run: one for every `each` waiting tasks."""
    return max(least, min(most, math.ceil(waiting / each)))


class Fleet:
    """The clusters of this host: those that work, and those that are stopping.

    `hold` is the number of seconds that fewer have to be enough before one is stopped.
    """

    def __init__(self, command: list[str], hold: float) -> None:
        self.command, self.hold = command, hold
        self.working: list[subprocess.Popen] = []
        self.stopping: list[subprocess.Popen] = []
        self.enough_since: float | None = None

    def start(self) -> None:
        # A session of its own: Ctrl-C in a terminal reaches the supervisor alone.
        self.working.append(subprocess.Popen(self.command, start_new_session=True))

    def stop(self) -> None:
        """Let the newest cluster finish what it has fetched; do not wait for it."""
        cluster = self.working.pop()
        cluster.terminate()  # SIGTERM to its main process, and never SIGKILL.
        self.stopping.append(cluster)

    def follow(self, number: int, now: float) -> None:
        """Come nearer to `number` clusters: up at once, down one after the other."""
        self.working = [c for c in self.working if c.poll() is None]
        self.stopping = [c for c in self.stopping if c.poll() is None]
        # Those that are stopping still run tasks, so they count.
        while len(self.working) + len(self.stopping) < number:
            self.start()
        if len(self.working) <= number or self.stopping:
            self.enough_since = None
        elif self.enough_since is None:
            self.enough_since = now
        elif now - self.enough_since > self.hold:
            self.stop()
