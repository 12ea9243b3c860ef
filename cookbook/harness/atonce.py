"""Run many tests at once, in forks of the process that has collected them.

Most tests wait, so ten share two cores well; the blocks of a page run in order in one
fork. What took longest begins first, and a fork that is killed fails its tests.
pytest-xdist collects anew in each process, and pytest-forked is no longer kept.
"""

import ctypes
import os
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from multiprocessing.connection import wait

import pytest
from _pytest.runner import runtestprotocol

from cookbook.harness import costs, forkserver
from cookbook.site import stamps

PR_SET_PDEATHSIG = 1


class AtOnce:
    """A plugin of pytest: up to `most` forks run the tests."""

    def __init__(self, most):
        self.most = most

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if session.config.option.collectonly or session.testsfailed:
            return None  # Pytest itself says why nothing runs.
        units = [list(unit) for _, unit in groupby(session.items, unit_of)]
        units.sort(key=partial(costs.expected, stamps.load()), reverse=True)
        waiting, forks = deque(enumerate(units)), []
        try:
            while waiting or forks:
                while waiting and len(forks) < self.most:
                    forks.append(Fork(*waiting.popleft()))
                wait([place for fork in forks for place in (fork.pipe, fork.ending)])
                forks = [fork for fork in forks if not fork.advance()]
                if stop := session.shouldfail or session.shouldstop:
                    raise session.Interrupted(stop)
        finally:
            for fork in forks:
                with suppress(ProcessLookupError):  # It may end meanwhile.
                    os.killpg(fork.process.pid, signal.SIGKILL)
                fork.process.join()
        return True


def unit_of(item):
    if item.path.suffix == ".md" or item.path.name == "test_house.py":
        return item.path if item.name != "sphinx" else item.name  # Each is too short.
    return item


class Fork:
    """A process that runs some tests in order and sends their reports."""

    def __init__(self, number, items):
        self.number, self.items, self.begun = number, items, time.monotonic()
        self.config, self.missing = items[0].config, {i.nodeid: i for i in items}
        fork = get_context("fork")
        self.pipe, end = fork.Pipe(duplex=False)
        self.process = fork.Process(target=self.run, args=[os.getpid(), end])
        self.process.start()
        with suppress(OSError):  # It may have done so itself, and have ended.
            os.setpgid(self.process.pid, 0)
        end.close()
        # Not the process's own sentinel: what it has forked holds that open.
        self.ending = os.pidfd_open(self.process.pid)

    def run(self, parent, end):
        """Run the tests, in the fork."""
        os.setpgid(0, 0)  # Ctrl-C is for the parent, which then kills its forks.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        assert os.getppid() == parent, "the run has been killed in this moment"
        os.environ["COOKBOOK_UNIT"] = str(self.number)
        # `sweep` finds what it forks by this.
        forkserver.name_process(sys.orig_argv, map("=".join, os.environ.items()))
        capture = self.config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()
        for item, following in zip(self.items, [*self.items[1:], None], strict=True):
            for report in runtestprotocol(item, log=False, nextitem=following):
                end.send(report)
        end.send(sum(os.times()[:4]))  # CPU-seconds, also of all it has waited for.
        # On Python 3.13, multiprocessing would let pytest end its run here: it removes
        # the temporary folders of all tests.
        os._exit(0)

    def advance(self):
        """Pass on what has been reported; say whether the fork has ended."""
        ended = wait([self.ending], 0)
        while self.pipe.poll():
            try:
                report = self.pipe.recv()
            except EOFError:
                break
            if isinstance(report, float):
                seconds = time.monotonic() - self.begun
                costs.note(self.number, self.items, report, seconds)
                continue
            if report.when == "teardown":
                del self.missing[report.nodeid]
            self.config.hook.pytest_runtest_logreport(report=report)
        if ended:
            os.close(self.ending)
            self.process.join()
            for nodeid, item in self.missing.items():
                code = self.process.exitcode
                self.config.hook.pytest_runtest_logreport(report=pytest.TestReport(
                    nodeid, item.location, {}, "failed",
                    f"{nodeid} did not end: its process did, with code {code}", "call",
                ))  # fmt: skip
        return ended
