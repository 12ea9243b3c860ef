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
    """A shell in a folder, in the environment of the project that is there."""

    def __init__(self, directory, environment, seconds):
        super().__init__(
            "bash --norc --noprofile --noediting", cwd=directory, env=environment,
            encoding="utf-8", codec_errors="replace", echo=False, timeout=seconds,
            dimensions=(50, 250),
            # A run in the background may have been told to ignore Ctrl-C.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        self.expect_exact(PROMPT)
        if (directory / ".venv").exists():
            self.sendline(". .venv/bin/activate")
            self.expect_exact(PROMPT)
        self.logfile_read = io.StringIO()

    def read_nonblocking(self, *arguments, **options):
        """Also say where the cursor is: who asks waits seconds otherwise."""
        text = super().read_nonblocking(*arguments, **options)
        for _ in range(text.count("\x1b[6n")):
            self.send("\x1b[1;1R")
        return text

    def listen(self):
        with suppress(pexpect.TIMEOUT, pexpect.EOF):
            self.read_nonblocking(4096, timeout=0.05)

    def text(self, start=0):
        """Return what has been printed since a place in the log."""
        return ANSI.sub("", JUMP.sub(" ", self.logfile_read.getvalue()[start:]))

    def wait_for(self, condition, claim, start=0):
        """Wait until what the page says has been printed."""
        try:
            wait_until(condition, self.timeout, lambda: claim)
        except TimeoutError as error:
            printed = self.text(start)
            raise AssertionError(f"{error}\nIt printed:\n{printed}") from None

    def leave(self, turns):
        """Press Ctrl-C, end the jobs, and exit; say whether the shell is gone."""
        # A loop may miss one between two of its commands. It also empties the queue
        # of a command that reads nothing; else the hundredth line waits for ever.
        if next(turns) % 50 == 0:
            self.sendintr()
        with suppress(OSError):  # It may close between the question and the answer.
            self.sendline("kill $(jobs -p) 2> /dev/null; wait; exit")
        self.listen()
        return not self.isalive()


class Terminals:
    """The terminals that the reader of one page has open, all in one folder.

    A line `^C` at the end of an answer presses Ctrl-C there. An answer that ends in
    a line `...` belongs to a command that goes on; the next block opens another
    terminal, as its reader would. `seconds` bounds the wait for every answer.
    """

    def __init__(self, directory, environment, seconds=90):
        self.directory, self.seconds = Path(directory), seconds
        self.environment = environment | {
            "DJANGO_COLORS": "nocolor",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PS1": PROMPT,
            "PYTHONUNBUFFERED": "1",
            "TERM": "xterm",
            "VIRTUAL_ENV_DISABLE_PROMPT": "1",
        }
        self.idle, self.running, self.transcript = None, [], ""

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
        if not self.idle:
            self.idle = Terminal(self.directory, self.environment, self.seconds)
        shell, start = self.idle, self.idle.logfile_read.tell()
        shell.sendline(command)
        before, interrupted, _ = answer.partition("^C")
        goes_on = answer.rstrip().endswith("\n...")
        if interrupted or goes_on:
            # What follows `...` may or may not have been printed yet.
            wanted = before.rstrip().removesuffix("...")

            def answered():
                shell.listen()
                return matches(f"{shell.text(start)}\n-", f"{wanted}\n...")

            claim = f"$ {command}\nThe page says:\n{wanted}"
            shell.wait_for(answered, claim, start)
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
                + shell.text(start)
            ) from None
        printed = shell.text(start).removesuffix(PROMPT)
        self.transcript += printed
        assert matches(printed.replace("^C", ""), answer.replace("^C", "")), (
            f"$ {command}\nThe page says:\n{answer}\nIt printed:\n{printed}"
        )

    def show(self, output):
        """Wait until a terminal of the page has printed `output`."""
        assert self.running or self.transcript, (
            "an output block shows what a console block above it printed; type one"
        )

        def printed():
            for shell in self.running:
                shell.listen()
            texts = [*(shell.text() for shell in self.running), self.transcript]
            return any(
                matches(f"-\n{text}\n-", f"...\n{output}\n...") for text in texts
            )

        last = [self.idle, *self.running][-1]
        last.wait_for(printed, f"The page says:\n{output}")

    def close(self):
        """End what runs in every terminal, and leave it."""
        for shell in filter(None, [*self.running, self.idle]):
            wait_until(
                partial(shell.leave, count()),
                60,
                lambda: "a command of this page did not end on Ctrl-C",
            )
            shell.close(force=True)
