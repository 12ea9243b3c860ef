"""Sphinx settings of the cookbook."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cookbook.settings")

import django  # noqa: E402  It needs the path and the settings above.

django.setup()

from cookbook.harness import measured, upstream  # noqa: E402

project = "Django-Q2 Cookbook"
author = "the Django-Q2 Cookbook contributors"
copyright = "2026, the Django-Q2 Cookbook contributors"  # noqa: A001

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "cookbook.harness.stamps",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "substitution", "attrs_inline"]
myst_substitutions = measured.substitutions() | {
    "default": {key: setting.default for key, setting in upstream.settings().items()}
}
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Django-Q2 Cookbook"
