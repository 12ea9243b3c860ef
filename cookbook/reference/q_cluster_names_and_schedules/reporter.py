"""A reporter of one's own: it writes the traceback of a failed task to a file."""

import os
import traceback
from pathlib import Path


class Diary:
    """Django-Q2 makes one from the dictionary under its name in `error_reporter`."""

    def __init__(self, path):
        self.path = Path(os.path.expandvars(path))

    def report(self):
        """Write the exception that is being handled, in the process of the worker."""
        with self.path.open("a") as diary:
            traceback.print_exc(file=diary)
