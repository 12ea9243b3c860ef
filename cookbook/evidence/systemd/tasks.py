"""A task that says which cluster it ran on, for the count."""

import os
import time
from pathlib import Path


def pack(number, seconds):
    """Take some seconds, and write down when it begins and when it has ended."""
    with Path(os.environ["WORKSPACE"], "packed").open("a") as file:
        cluster = os.environ["Q_CLUSTER_NAME"]
        print("began", cluster, number, file=file, flush=True)
        time.sleep(seconds)
        print("ended", cluster, number, file=file, flush=True)
