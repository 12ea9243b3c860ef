"""The tables of the pages, such as `{{ leaving.celery_key }}`."""

import json
from pathlib import Path

from cookbook.evidence.leaving.mapping import KINDS, PEERS, list_words
from cookbook.site.figures import table

FILE = Path(__file__).parent.with_suffix(".json")
TASKS = ["Queue", "tasks", "cut off", "lost", "ended twice", "rolled back, but ran"]
RUNS = ["Queue", "runs", "moves", "by the new queue", "left out", "twice"]


def substitutions():
    figures = json.loads(FILE.read_text())
    row = {row["Queue"].lower(): row for row in figures["rows"]}
    return row | {
        "tasks_table": pick(figures["rows"], TASKS),
        "runs_table": pick(figures["rows"], RUNS),
        **{
            f"{peer.lower()}_{kind.lower()}": list_words(kind, peer)
            for peer in PEERS
            for kind in KINDS
        },
    }


def pick(rows, columns):
    return table([{column: row[column] for column in columns} for row in rows])
