"""Shorter tables, for the page that says what to do."""

import json
from pathlib import Path

from cookbook.site.figures import table

FILE = Path(__file__).parent.with_suffix(".json")


def substitutions():
    figures = json.loads(FILE.read_text())
    codes = figures["probes"]
    checks = [
        {"Health check": f"`{name}`".replace("|", r"\|")}
        | {f"Cluster {state}": str(codes[state][name]) for state in codes}
        for name in codes["works"]
    ]
    return {"short": table(list(map(short, figures["rows"]))), "checks": table(checks)}


def short(row):
    """Return what to expect of a way, without who got which signal."""
    seconds = row["Seconds"]
    return {
        "Start command": row["First process"],
        "Ends after": f"{seconds.replace('killed after ', 'a kill, ')} s",
        "Tasks cut off": row["Tasks cut off"],
        "When the cluster dies": row["When the cluster dies"],
    }
