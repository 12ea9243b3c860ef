"""Tasks that show how the cluster is stopped."""

import os
import signal
import time


def stop_group():
    """Send SIGTERM to every process of the cluster, and finish a little later."""
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(0.5)
    return "finished"


def hang():
    """Hang where no timeout reaches, like a call of a C library."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(3600)
