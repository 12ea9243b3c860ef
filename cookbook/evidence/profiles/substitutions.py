"""What pages quote: each row by its name, and what `retry` a profile needs."""

import json
from pathlib import Path

from cookbook.deploy.profiles import LATENCY, MEMORY, THROUGHPUT
from cookbook.qdoctor.rules import longest_hold

FILE = Path(__file__).parent.with_suffix(".json")


def substitutions():
    rows = json.loads(FILE.read_text())["rows"]
    return {
        "row": {row["profile"]: row for row in rows},
        "hold": {
            "throughput": timeouts(THROUGHPUT),
            "latency": timeouts(LATENCY),
            "memory": timeouts(MEMORY),
        },
    }


def timeouts(profile):
    """Return how many times `timeout` a task can take from its fetch to its end."""
    return longest_hold({"bulk": 1, "timeout": 1} | profile, "orm")
