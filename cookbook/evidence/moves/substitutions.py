"""What pages quote: the second table, and each row by its name."""

import json
from pathlib import Path

from cookbook.site.figures import table

FILE = Path(__file__).parent.with_suffix(".json")


def substitutions():
    figures = json.loads(FILE.read_text())
    return {
        "row": {row["move"]: row for row in figures["rows"]},
        "waits_table": table(figures["waits"]),
    }
