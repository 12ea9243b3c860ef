"""Examine a settings module without starting Django: `python -m qdoctor SETTINGS`."""

import argparse
import os
import sys
from pathlib import Path

from . import logs
from .project import examine
from .report import code, options, report

parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
parser.add_argument(
    "settings", nargs="?", default=os.environ.get("DJANGO_SETTINGS_MODULE")
)
options(parser)
logs.option(parser)
arguments = parser.parse_args()
if arguments.log is not None:
    print(logs.report(arguments.log, arguments.form))
    sys.exit()
if not arguments.settings:
    parser.error("name a settings module, or set DJANGO_SETTINGS_MODULE")
sys.path.insert(0, str(Path.cwd()))
findings = examine(arguments.settings)
print(report(findings, arguments.form))
sys.exit(code(findings, arguments.fail_level))
