"""Sphinx settings of the cookbook."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cookbook.settings")

import django  # noqa: E402  It needs the path and the settings above.

django.setup()

from cookbook import upstream  # noqa: E402  They need Django.
from cookbook.site import figures  # noqa: E402

project = "Django-Q2 Cookbook"
author = "the Django-Q2 Cookbook contributors"
copyright = f"2026, {author}"  # noqa: A001  Sphinx's own name for it.
version = release = "1.0"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_design",
    "sphinx_reredirects",
    "sphinx_sitemap",
    "notfound.extension",
    "cookbook.site.directives",
    "cookbook.site.fold",
    "cookbook.site.markdown",
    "cookbook.site.messages",
    "cookbook.site.search",
    "cookbook.site.stamps",
    "cookbook.site.symptoms",
    "cookbook.site.theme",
]
exclude_patterns = ["_build"]
nitpicky = True
# Upstream docstrings name a function as a type, and a class of the standard library.
nitpick_ignore = [("py:class", "uuid"), ("py:class", "datetime.datetime")]

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "substitution"]
myst_heading_anchors = 3
myst_substitutions = figures.substitutions() | {
    "default": {key: setting.default for key, setting in upstream.settings().items()}
}

html_baseurl = os.environ.get(
    "READTHEDOCS_CANONICAL_URL", "https://django-q2-cookbook.readthedocs.io/en/latest/"
)
html_title = project
# Links to the source and to "edit this page" appear when the repository is named.
site_repository = ""
html_theme = "furo"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["cookbook.css"]
html_copy_source = False
html_favicon = "_static/mark.svg"
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "genindex.html", "search.html"]
redirects = json.loads((ROOT / "docs/redirects.json").read_text())
redirect_html_template_file = "_templates/redirect.html"


def setup(app):
    app.connect("autodoc-process-docstring", indent_fields)


def indent_fields(app, what, name, obj, options, lines):
    """Indent the second line of a field; one of upstream's docstrings does not."""
    for n in range(1, len(lines)):
        if lines[n - 1].startswith(":") and lines[n][:1] not in ("", ":", " "):
            lines[n] = f"   {lines[n]}"
