"""`manage.py` on a host whose clock is CLOCK seconds wrong."""

import os
import runpy
import time

import time_machine

from cookbook.harness.trial import MANAGE

there = time.time() + float(os.environ["CLOCK"])
with time_machine.travel(there, tick=True):  # Its forks have this clock too.
    runpy.run_path(str(MANAGE), run_name="__main__")
