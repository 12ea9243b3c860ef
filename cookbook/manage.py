"""Django's command line for the cookbook's own project."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cookbook.settings")
# The project is a package, so what must be found is the folder above it.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
