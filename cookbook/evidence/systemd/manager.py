"""Let systemd itself restart and stop the units, with small programs in them.

A `systemd --user` in a mount namespace of its own runs the units. That needs root. On a
machine without it, or without systemd, there is nothing to see.
"""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from cookbook.catalogue import COOKBOOK
from cookbook.harness import trial

FILES = [f for f in (COOKBOOK / "deploy/systemd").iterdir() if f.suffix != ".py"]
# systemd starts only where a folder says that it has booted the machine.
BOOT = 'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec "$@"'
SYSTEMD = ["unshare", "--mount", "sh", "-c", BOOT, "sh", "/lib/systemd/systemd"]
BIN = "ExecStart=/srv/shop/venv/bin/"
# In place of the site: one cluster ends at each start, the other one runs.
SMALL = {
    f"{BIN}python manage.py qcluster": "ExecStart=/bin/sh -c 'exec $$%i'",
    f"{BIN}python manage.py qhealth live": "ExecStart=/bin/sh -c 'exit $$CODE'",
    f"{BIN}gunicorn": "ExecStart=/bin/sh -c 'exec sleep 600'",
    f"{BIN}python manage.py clearsessions": "ExecStart=/bin/true",
    "systemctl restart": "systemctl --user restart",
    "WorkingDirectory=/srv/shop": "WorkingDirectory=/",
    "User=shop\n": "",
}
VARIABLES = "shop=false\npriority='sleep 600'\nCODE={}\n"
# What the manager of a user cannot set up.
SAFETY = ("NoNewPrivileges", "Capability", "Private", "Protect", "Restrict", "Lock",
          "SystemCall", "Memory")  # fmt: skip
FRAGILE = "[Service]\nExecStart=/bin/false\nRestart=always\n"
SHOP, PRIORITY = "worker@shop.service", "worker@priority.service"


class Manager:
    """A systemd of its own, which reads units from a folder."""

    def __init__(self, folder):
        own = {"XDG_RUNTIME_DIR": folder, "SYSTEMD_UNIT_PATH": f"{folder}:"}
        self.environment, null = os.environ | own, subprocess.DEVNULL
        self.process = subprocess.Popen(
            [*SYSTEMD, "--user"], env=self.environment, stdout=null, stderr=null
        )
        self.wait(Path(folder, "systemd/private").exists)

    def call(self, *words):
        """Call `systemctl` and return what it prints, without its complaints."""
        command = [shutil.which("systemctl") or "true", "--user", *words]
        process = subprocess.run(
            command, env=self.environment, capture_output=True, text=True
        )
        return process.stdout.strip()

    def show(self, unit, name):
        return self.call("show", "--value", f"--property={name}", unit)

    def wait(self, condition):
        """Wait until something is so, or until there is no manager."""
        trial.wait_until(
            lambda: self.process.poll() is not None or condition(),
            60,
            lambda: self.call("list-units", "--all"),
        )


def lay_units(folder):
    """Write the units with small programs, and one that has no safe lines."""
    Path(folder, "fragile.service").write_text(FRAGILE)
    for file in FILES:
        text = file.read_text().replace("/etc/shop.env", f"{folder}/shop.env")
        for old, new in SMALL.items():
            text = text.replace(old, new)
        lines = [line for line in text.splitlines() if not line.startswith(SAFETY)]
        Path(folder, file.name).write_text("\n".join(lines))


def rehearse():
    """Return `{case: what systemd made of it}`; it is empty where it cannot run."""
    with TemporaryDirectory() as folder:
        lay_units(folder)
        manager = Manager(folder)
        states = dict(cases(manager, Path(folder, "shop.env")))
        manager.process.terminate()
        manager.process.wait(60)
    return {case: state for case, state in states.items() if state}


def cases(manager, variables):
    """Yield each case and its outcome, which is empty without a manager."""

    def state(unit):
        return manager.show(unit, "ActiveState")

    def restarts(unit):
        return int(manager.show(unit, "NRestarts") or 0)

    variables.write_text(VARIABLES.format(1))
    manager.call("start", "--no-block", "fragile.service", "shop.target")
    manager.wait(lambda: state("fragile.service") == "failed")
    yield "`Restart=always` alone; ends at every start", state("fragile.service")
    manager.wait(lambda: restarts(SHOP) > 5 and state(SHOP) == "activating")
    yield f"`{SHOP}` ends at every start", state(SHOP)
    for code in 1, 3:
        variables.write_text(VARIABLES.format(code))
        before = manager.show(PRIORITY, "MainPID")
        manager.call("start", "qhealth.service")
        manager.wait(lambda: state("qhealth.service") == "failed")
        after = manager.show(PRIORITY, "MainPID")
        yield (
            f"`qhealth live` exits with {code}",
            before and ("cluster runs on" if before == after else "cluster restarted"),
        )
    manager.call("stop", "shop.target")
    names = [file.name.replace("@", "@priority") for file in FILES] + [SHOP]
    manager.wait(lambda: "active" not in map(state, names))
    yield (
        "`systemctl stop shop.target`: all units",
        " ".join({*map(state, names)} - {"failed"}),
    )
