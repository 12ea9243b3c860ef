"""Let a SIGTERM to the whole group stop the cluster as one to its main process does."""

import os
import signal
from threading import Thread

from django_q.signals import post_spawn

TERM = {signal.SIGTERM}


def shield_children() -> None:
    """Start every child of this process with SIGTERM blocked, and theirs too."""
    masks: list[set[int]] = []

    def block() -> None:
        masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, TERM))

    def restore() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, masks.pop())

    os.register_at_fork(before=block, after_in_parent=restore)
    post_spawn.connect(listen)


def listen(**_: object) -> None:
    """Begin to listen, in a worker, for the sentinel that started it."""
    Thread(target=obey, args=[os.getppid()], daemon=True).start()


def obey(sentinel: int) -> None:
    """End this worker if its sentinel sends SIGTERM; ignore everybody else's."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while signal.sigwaitinfo(TERM).si_pid != sentinel:
        pass
    os._exit(1)
