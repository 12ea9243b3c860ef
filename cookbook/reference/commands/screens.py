"""Take pictures of qmonitor and qmemory: run them in a terminal and draw its screen.

Do the pictures of the page show the words that these commands print now?

>>> from cookbook.reference.commands.screens import compare
>>> compare()
{'qmonitor': True, 'qmemory': True}
"""

import os
import re
import socket
import sys
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import pexpect
import pyte
from django.core.management import call_command
from django_q.status import Stat

COMMANDS = {"qmonitor": ("qmonitor", 80), "qmemory": ("qmemory --workers", 144)}
COLORS = {
    "green": "var(--color-brand-primary)",
    "cyan": "var(--color-foreground-secondary)",
}


def screen(command, columns, lines=14):
    """Run a command in a terminal until it offers `q`; press q, return its screen."""
    picture = pyte.Screen(columns, lines)
    terminal = pexpect.spawn(
        f"{sys.executable} -m django {command}",
        dimensions=(lines, columns),
        encoding="utf-8",
        env={**os.environ, "TERM": "xterm"},
        timeout=60,
    )
    printed, asks = "", "\x1b[6n"
    while terminal.expect_exact(["[Press q to quit]", asks]):
        printed += terminal.before
        terminal.send("\x1b[1;1R")  # Where the cursor is: every terminal answers that.
    # What asks the terminal for its abilities is no part of the picture.
    printed = re.sub(r"\x1bP.*?\x1b\\", "", printed + terminal.before + terminal.after)
    pyte.Stream(picture).feed(printed)
    terminal.send("q")
    terminal.expect_exact(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    return picture


def draw(picture, title):
    """Return a screen as SVG in the colours of the page; 8 by 18 units a character."""
    shapes, rows = [], [picture.buffer[y] for y in range(picture.lines)]
    for y, row in enumerate(rows):
        cells = [row[x] for x in range(picture.columns)]
        place = 0
        for color, run in groupby(cells, lambda cell: cell.bg):
            text = "".join(cell.data for cell in run)
            x, place = place * 8, place + len(text)
            ink = "foreground-primary"
            if color in COLORS:
                ink = "background-primary"
                shapes.append(
                    f'<rect x="{x}" y="{y * 18}" width="{len(text) * 8}" height="18" '
                    f'style="fill: {COLORS[color]}"/>'
                )
            shapes += [
                f'<text x="{x + word.start() * 8}" y="{y * 18 + 14}" '
                f'textLength="{len(word[0]) * 8}" style="fill: var(--color-{ink})">'
                f"{escape(word[0])}</text>"
                for word in re.finditer(r"\S+(?: \S+)*", text)
            ]
    width, height = picture.columns * 8, picture.lines * 18
    return (
        '<div style="overflow-x: auto"><svg role="img" '
        f'viewBox="0 0 {width} {height}" aria-label="{title}" '
        f'style="min-width: {width * 0.7:.0f}px; font: 13px monospace">\n'
        + "\n".join(shapes)
        + "\n</svg></div>\n"
    )


def write(folder):
    """Draw every command's screen into a folder; `web` stands for the host's name."""
    for name, (command, columns) in COMMANDS.items():
        drawing = draw(screen(command, columns), f"The screen of {command}")
        host = escape(socket.gethostname()[: columns // 8 - 1])
        named = rf'textLength="\d+"([^>]*)>{re.escape(host)}<'
        drawing = re.sub(named, r'textLength="24"\1>web<', drawing)
        (folder / f"{name}.svg").write_text(drawing)


def words(drawing):
    """Return the words of a drawing, `#` for every id, figure and time."""
    texts = re.findall(r">([^<>\n]+)</text>", drawing)
    return [re.sub(r"[\da-f]{8}|\d[\d.:-]*", "#", word) for word in texts]


def compare():
    """Draw the screens anew; say for each whether the page shows its words."""
    call_command("createcachetable")
    while not Stat.get_all():  # Until the cluster's next report.
        sleep(0.1)
    with TemporaryDirectory() as folder:
        write(Path(folder))
        return {
            name: words(Path(folder, f"{name}.svg").read_text())
            == words(Path(__file__).with_name(f"{name}.svg").read_text())
            for name in COMMANDS
        }
