"""Run many tests at once, in forks of the process that has collected them.

Most tests wait for processes of their own most of the time, so ten of them share two
cores well. The blocks of a page rest on one another: they run in order in one fork.
What took longest when it last ran begins first. A fork that is killed fails its tests.

pytest-xdist starts processes that each collect anew, which costs as much as thirty
recipes do, and pytest-forked, which does not, is no longer kept.
"""

import ctypes
import os
import signal
import time
from collections import deque
from functools import partial
from itertools import groupby
from multiprocessing.connection import Pipe, wait

import pytest
from _pytest.runner import runtestprotocol

from cookbook.harness import costs
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
        units = groupby(
            session.items, lambda i: i.path if i.path.suffix == ".md" else i
        )
        units = [list(unit) for _, unit in units]
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
                os.killpg(fork.pid, signal.SIGKILL)
                os.waitpid(fork.pid, 0)
        return True


class Fork:
    """A process that runs some tests in order and sends their reports."""

    def __init__(self, number, items):
        self.number, self.items, self.begun = number, items, time.monotonic()
        self.config, self.missing = items[0].config, {i.nodeid: i for i in items}
        self.pipe, end = Pipe(duplex=False)
        parent, self.pid = os.getpid(), os.fork()
        if not self.pid:
            os.setpgid(0, 0)  # Ctrl-C is for the parent, who then kills its forks.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() == parent:
                self.run(end)
            os._exit(0)
        end.close()
        self.ending = os.pidfd_open(self.pid)

    def run(self, end):
        """Run the tests, in the fork."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.environ["COOKBOOK_UNIT"] = str(self.number)
        capture = self.config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()
        for item, following in zip(self.items, [*self.items[1:], None], strict=True):
            for report in runtestprotocol(item, log=False, nextitem=following):
                end.send(self.config.hook.pytest_report_to_serializable(
                    config=self.config, report=report
                ))  # fmt: skip

    def advance(self):
        """Pass on what has been reported; say whether the fork has ended."""
        ended = wait([self.ending], 0)
        while self.pipe.poll():
            try:
                data = self.pipe.recv()
            except EOFError:
                break
            report = self.config.hook.pytest_report_from_serializable(
                config=self.config, data=data
            )
            if report.when == "teardown":
                del self.missing[report.nodeid]
            self.config.hook.pytest_runtest_logreport(report=report)
        if ended:
            os.close(self.ending)
            _, status, used = os.wait4(self.pid, 0)
            seconds = time.monotonic() - self.begun
            costs.note(self.number, self.items, used.ru_utime + used.ru_stime, seconds)
            for nodeid, item in self.missing.items():
                code = os.waitstatus_to_exitcode(status)
                text = f"{nodeid} did not end: its process did, with code {code}"
                self.config.hook.pytest_runtest_logreport(report=pytest.TestReport(
                    nodeid, item.location, {}, "failed", text, "call"
                ))  # fmt: skip
        return ended
