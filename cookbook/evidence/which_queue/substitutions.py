"""The tables of two pages: what faults cost, how a queue behaves, and both in short."""

import json
from pathlib import Path

from cookbook.site.figures import table

FILE = Path(__file__).parent.with_suffix(".json")
FAULTS = {
    "Lost: worker": "lost with a worker",
    "all": "lost with all",
    "server": "lost without server",
    "Twice: worker": "twice with a worker",
    "all ": "twice with all",
    "server ": "twice without",
    "Restarts": "restarts",
}
HABITS = {
    "Fails": "runs of a failure",
    "Hangs": "behind two that hang",
    "Missed": "a run that is missed",
    "`async def`": "async def",
    "Rolled back": "after rollback",
    "Admin": "admin pages",
    "Processes": "processes",
}
SHORT = {
    "Lost in a kill": "lost",
    "A task hangs, the next": "behind two that hang",
    "A run that is missed": "a run that is missed",
    "Sent, then rolled back": "after rollback",
    "In the admin": "admin",
}


def substitutions():
    figures = json.loads(FILE.read_text())
    rows = [row | totals(row) for row in figures["rows"]]
    names = {row["Queue"]: row for row in rows}
    return {
        "faults": table([pick(row, FAULTS) for row in rows]),
        "habits": table([pick(row, HABITS) for row in rows]),
        "short": table([pick(row, SHORT) for row in rows]),
        "twice": sum(row["twice"] for row in rows),
        "row": names,
    }


def totals(row):
    return {
        "lost": row["lost with a worker"] + row["lost with all"],
        "twice": row["twice with a worker"] + row["twice with all"],
        "admin": "yes" if row["admin pages"] else "no",
    }


def pick(row, columns):
    name = f"{row['Queue']} ({row['Version']})"
    return {"Queue": name} | {head: row[key] for head, key in columns.items()}
