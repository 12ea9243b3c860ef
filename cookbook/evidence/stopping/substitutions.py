"""The short table of the page with the answer, and the long one of the evidence."""

import json
from pathlib import Path

from cookbook.site.figures import table

FILE = Path(__file__).parent.with_suffix(".json")
WAYS = {
    "SIGTERM to main": "SIGTERM to the main process",
    "Ctrl-C: SIGINT to the group": "Ctrl-C in the terminal",
    "SIGTERM to main, twice": "SIGTERM to the main process, twice",
    "SIGTERM to the group": "SIGTERM to every process",
    "SIGTERM to the group, NamedWorker": "SIGTERM to every process, `NamedWorker`",
    "sh -c in a container, grace 5 s": "SIGTERM to a shell in a container",
    "SIGTERM to main, grace 0.1 s": "SIGKILL soon after SIGTERM",
    "SIGKILL to main": "SIGKILL to the main process",
}


def substitutions():
    rows = {row["Way"]: row for row in json.loads(FILE.read_text())["rows"]}
    option = "timeout --foreground"  # Outside of code, two hyphens become a dash.
    every = table(list(rows.values())).replace(option, f"`{option}`")
    costs = [
        {"Signal": words}
        | {key: rows[way][key] for key in ("Clean stops", "Orphans", "Run twice, ORM")}
        | {"Lost, Redis": rows[way]["Lost, Redis"]}
        for way, words in WAYS.items()
    ]
    return {"costs": table(costs), "table": every}
