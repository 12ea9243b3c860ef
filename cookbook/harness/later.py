"""Begin coverage of a process where it imports the first module of the cookbook.

Coverage from the start doubles the time that Django takes to start, and many clusters
run no line of the cookbook. What Django imports of it while it starts, every process
of the tests imports as well, and measures.
"""

import os
import sys

from django.apps import apps


class Later:
    """A finder that finds nothing, and sees what is looked for."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if apps.ready and name.startswith("cookbook."):
            sys.meta_path.remove(cls)
            import coverage  # It is slow to import, so only where it is needed.

            os.environ["COVERAGE_PROCESS_CONFIG"] = os.environ["COVERAGE_LATER"]
            coverage.process_startup()
            del os.environ["COVERAGE_PROCESS_CONFIG"]
