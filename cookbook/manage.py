"""Django's command line for the cookbook's own project."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cookbook.settings")
# The project is a package, so what must be found is the folder above it.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
execute_from_command_line(sys.argv)
