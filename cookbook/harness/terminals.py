"""A page's terminals: each `$ ` line is typed, each printed answer is compared."""

import doctest
import io
import re
import signal
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

import pexpect

from cookbook.harness.servers import wait_until

PROMPT = "the-reader-types> "
# A program that moves the cursor leaves a gap on the reader's screen.
JUMP = re.compile(r"\x1b\[[\d;]*[GH]")
ANSI = re.compile(r"\x1bP.*?\x1b\\|\x1b[\[(][?>\d;]*[A-Za-z]|\x1b[=>]|\r|\x08")
TURN = re.compile(r"^\$ (?P<command>.+)\n?(?P<answer>(?:(?!\$ ).*(?:\n|\Z))*)", re.M)


def matches(printed, wanted):
    """Compare like a doctest does: `...` stands for anything, also for lines."""
    # Doctest wants something between a line `...` and a next one that begins with it.
    wanted = re.sub(r"\.\.\.(\s+\.\.\.)+", "...", wanted)
    return doctest.OutputChecker().check_output(
        wanted.strip() + "\n",
        printed.strip() + "\n",
        doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )


class Terminal(pexpect.spawn):
    """A terminal that says where its cursor is; who asks waits seconds otherwise."""

    def read_nonblocking(self, *arguments, **options):
        text = super().read_nonblocking(*arguments, **options)
        for _ in range(text.count("\x1b[6n")):
            self.send("\x1b[1;1R")
        return text


class Terminals:
    """The terminals that the reader of one page has open, all in one folder.

    A line `^C` at the end of an answer presses Ctrl-C there. An answer that ends in
    a line `...` belongs to a command that goes on; the next block opens another
    terminal, as its reader would. `seconds` bounds the wait for every answer.
    """

    def __init__(self, directory, environment, seconds=90):
        self.directory = Path(directory)
        self.environment = environment | {
            "DJANGO_COLORS": "nocolor",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PS1": PROMPT,
            "PYTHONUNBUFFERED": "1",
            "TERM": "xterm",
            "VIRTUAL_ENV_DISABLE_PROMPT": "1",
        }
        self.seconds = seconds
        self.idle, self.running = None, []
        self.transcript = ""

    def _open(self):
        shell = Terminal(
            "bash --norc --noprofile --noediting",
            cwd=self.directory,
            env=self.environment,
            encoding="utf-8",
            codec_errors="replace",
            echo=False,
            timeout=self.seconds,
            dimensions=(50, 250),
            # A run in the background may have been told to ignore Ctrl-C.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        shell.expect_exact(PROMPT)
        if (self.directory / ".venv").exists():
            shell.sendline(". .venv/bin/activate")
            shell.expect_exact(PROMPT)
        shell.logfile_read = io.StringIO()
        return shell

    def type(self, session):
        """Type a console block. Raises AssertionError where something else is printed.

        Returns the number of its commands.
        """
        turns = list(TURN.finditer(session))
        assert session.startswith("$ "), (
            "a console block begins with a line `$ command`"
        )
        for turn in turns:
            self._take(turn["command"], turn["answer"])
        return len(turns)

    def _take(self, command, answer):
        shell = self.idle or self._open()
        self.idle = shell
        start = shell.logfile_read.tell()
        shell.sendline(command)
        before, interrupted, _ = answer.partition("^C")
        goes_on = answer.rstrip().endswith("\n...")
        if interrupted or goes_on:
            # What follows `...` may or may not have been printed yet.
            self._await(shell, start, before.rstrip().removesuffix("..."), command)
        if goes_on:
            self.idle = None
            self.running.append(shell)
            return
        if interrupted:
            shell.sendintr()
        try:
            shell.expect_exact(PROMPT)
        except pexpect.TIMEOUT:
            raise AssertionError(
                f"`{command}` did not end within {self.seconds} s; end its answer with "
                "`^C`, or with a line `...` if it is to go on. It printed:\n"
                + self._printed(shell, start)
            ) from None
        printed = self._printed(shell, start).removesuffix(PROMPT)
        self.transcript += printed
        if not matches(printed.replace("^C", ""), answer.replace("^C", "")):
            raise AssertionError(
                f"$ {command}\nThe page says:\n{answer}\nIt printed:\n{printed}"
            )

    def _printed(self, shell, start=0):
        return ANSI.sub("", JUMP.sub(" ", shell.logfile_read.getvalue()[start:]))

    def _await(self, shell, start, answer, command):
        """Wait until a command that goes on has printed its answer."""

        def answered():
            self._listen(shell)
            return matches(f"{self._printed(shell, start)}\n-", f"{answer}\n...")

        self._poll(answered, f"$ {command}\nThe page says:\n{answer}", shell, start)

    def _poll(self, condition, claim, shell, start=0):
        try:
            wait_until(condition, self.seconds, lambda: claim)
        except TimeoutError as error:
            raise AssertionError(
                f"{error}\nIt printed:\n{self._printed(shell, start)}"
            ) from None

    def _listen(self, shell):
        try:
            shell.read_nonblocking(4096, timeout=0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return

    def show(self, output):
        """Wait until a terminal of the page has printed `output`."""
        assert self.running or self.transcript, (
            "an output block shows what a console block above it printed; type one"
        )

        def shown():
            for shell in self.running:
                self._listen(shell)
            printed = [self._printed(s) for s in self.running] + [self.transcript]
            return any(
                matches(f"-\n{text}\n-", f"...\n{output}\n...") for text in printed
            )

        last = self.running[-1] if self.running else self.idle
        self._poll(shown, f"The page says:\n{output}", last)

    def close(self):
        """Press Ctrl-C in every terminal, end its background jobs, and leave it."""
        for shell in [*self.running, *filter(None, [self.idle])]:
            asked = count()
            wait_until(
                lambda shell=shell, asked=asked: self._left(shell, next(asked)),
                60,
                lambda: "a command of this page did not end on Ctrl-C",
            )
            shell.close(force=True)

    def _left(self, shell, asked):
        # A loop may miss one between two of its commands. It also empties the queue
        # of a command that reads nothing; else the hundredth line waits for ever.
        if asked % 50 == 0:
            shell.sendintr()
        with suppress(OSError):  # It may close between the question and the answer.
            shell.sendline("kill $(jobs -p) 2> /dev/null; wait; exit")
        self._listen(shell)
        return not shell.isalive()
