"""A rule for the files of a project that start programs."""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from .rules import Findings, Settings, rule

FILES: list = []
SUFFIXES = {".cfg", ".conf", ".ini", ".service", ".sh", ".toml", ".yaml", ".yml"}
NAMES = {"Procfile", "Dockerfile", "Makefile", "crontab"}
SKIPPED = {"node_modules", "venv", ".venv", ".git"}
OWN = Path(__file__).parent  # Its messages name the command too.
DEEP, MOST = 3, 500  # How many folders down, and how many files, it reads.


def starters(folder: str | Path) -> Iterator[Path]:
    """Yield the files that start programs."""
    base = Path(folder)
    for place, folders, names in os.walk(base):
        if Path(place).is_relative_to(OWN):
            continue
        depth = len(Path(place).relative_to(base).parts)
        folders[:] = [name for name in folders if depth < DEEP and name not in SKIPPED]
        for name in names:
            file = Path(place, name)
            if (name in NAMES or file.suffix in SUFFIXES) and file.is_file():
                yield file


@rule("django_q.W048", "SECRET_KEY is about to be printed", rules=FILES)
def secrets_printed(settings: Settings) -> Findings:
    """`qinfo --config` prints every value, SECRET_KEY and passwords among them."""
    for file in islice(starters(settings["BASE_DIR"]), MOST):
        with suppress(OSError), file.open(errors="replace") as opened:
            text = opened.read(100_000)
            if any("qinfo" in line and "--config" in line for line in text.split("\n")):
                yield (
                    f"{file.relative_to(settings['BASE_DIR'])} runs `qinfo --config`, "
                    "which prints SECRET_KEY",
                    "Remove --config, and change the key if the output was stored.",
                )
