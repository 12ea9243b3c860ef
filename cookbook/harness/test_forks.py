"""A program that begins as a fork finds what it would find if it were executed."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from cookbook.harness import forks, forkserver
from cookbook.harness.servers import ROOT
from cookbook.harness.test_forks_probe import ENDS

PROBE = "test_forks_probe.py"
TELL = (
    "import json; from cookbook.harness.test_forks_probe import facts; "
    "print(json.dumps(facts()))"
)
COMMANDS = {
    "file": [PROBE, "thread"],
    "-m": ["-m", "cookbook.harness.test_forks_probe", "thread"],
    "-c": ["-c", TELL, "a b"],
}


@pytest.fixture
def both(monkeypatch, tmp_path):
    """Return a function that runs a command as a fork, and then executes it."""

    def run(*arguments, **environment):
        outcomes = []
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | environment
        del environment["PATH"]  # The fork server has one.
        for kind in (forks.Fork, subprocess.Popen):
            command = [sys.executable, *arguments]
            outcomes.append(
                forks.output(command, environment, ROOT / "cookbook/harness")
            )
            started = forks.start([sys.executable, "-c", ""], environment)
            assert type(started) is kind
            assert started.wait() == 0
            monkeypatch.setenv("COOKBOOK_EXEC", "1")
        monkeypatch.delenv("COOKBOOK_EXEC")
        return outcomes

    return run


@pytest.mark.parametrize("how", COMMANDS)
@pytest.mark.parametrize(
    "environment",
    [{}, {"PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "3", "TZ": "Asia/Tokyo"},
     {"LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error", "A": "é\n=b"}],
    ids=["plain", "unbuffered", "strict"],
)  # fmt: skip
def test_a_fork_finds_the_same(both, how, environment):
    (code, fork), (_, executed) = both(*COMMANDS[how], **environment)
    assert code == 0, fork
    fork, executed = (json.loads(text.splitlines()[0]) for text in (fork, executed))
    assert fork.keys() == executed.keys()
    for fact in executed:
        assert fork[fact] == executed[fact], fact


@pytest.mark.parametrize("end", ENDS)
def test_a_fork_ends_the_same(both, end):
    assert (
        len({(code, text.partition("\n")[2]) for code, text in both(PROBE, end)}) == 1
    )


def test_a_fork_leaves_without_taking_everything_apart(monkeypatch):
    """Coverage of a fork ends before its last steps, so this process goes them."""
    steps = []
    monkeypatch.setattr("atexit._run_exitfuncs", lambda: steps.append("at exit"))
    monkeypatch.setattr("os._exit", steps.append)
    monkeypatch.setattr("signal.signal", lambda *pair: steps.append(pair))
    monkeypatch.setattr("signal.raise_signal", steps.append)
    forkserver.leave(-1)
    forkserver.leave(-signal.SIGINT)
    monkeypatch.undo()
    assert steps[:2] == ["at exit", 255]
    assert steps[2:4] == ["at exit", (signal.SIGINT, signal.SIG_DFL)]
    assert steps[4] == signal.SIGINT


@pytest.mark.parametrize(
    "command",
    [["-I", PROBE], ["-X", "utf8", "-c", "1"]],
)
def test_what_a_fork_cannot_be_is_executed(command, tmp_path):
    started = forks.start([sys.executable, *command], dict(os.environ), tmp_path)
    assert isinstance(started, subprocess.Popen)
    started.wait()


def test_a_project_finds_its_own_modules(tmp_path):
    (tmp_path / "redis.py").write_text("print('its own')")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", "import redis"]
    assert forks.output(command, environment, ROOT) == (0, "its own\n")
    assert forks.output(command, dict(os.environ), tmp_path) == (0, "its own\n")


def test_waiting_for_a_fork_has_an_end():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    fork = forks.start(command, dict(os.environ))
    with pytest.raises(subprocess.TimeoutExpired):
        fork.wait(0.1)
    assert fork.poll() is None
    fork.send_signal(9)
    assert fork.wait(9) == fork.poll() == -9
    fork.send_signal(9)  # It does no harm.


def test_a_caller_that_was_killed():
    """It has asked the fork server to listen, and then says nothing."""
    environment = dict(os.environ)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as caller:
        caller.connect(forks.address(environment))
    assert forks.output([sys.executable, "-c", "print(6)"], environment, ROOT) == (
        0,
        "6\n",
    )
