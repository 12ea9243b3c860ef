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

from cookbook.harness import upstream  # noqa: E402  They need Django.
from cookbook.site import figures  # noqa: E402

project = "Django-Q2 Cookbook"
author = "the Django-Q2 Cookbook contributors"
copyright = f"2026, {author}"  # noqa: A001  Sphinx's own name for it.
version = release = "1.0"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_llm.txt",
    "sphinx_reredirects",
    "sphinx_sitemap",
    "sphinxext.opengraph",
    "notfound.extension",
    "cookbook.site.directives",
    "cookbook.site.stamps",
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

# Prompts and printed answers are not copied.
copybutton_exclude = ".linenos, .gp, .go"

html_baseurl = os.environ.get(
    "READTHEDOCS_CANONICAL_URL", "https://django-q2-cookbook.readthedocs.io/en/latest/"
)
html_title = project
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["cookbook.css"]
html_favicon = "_static/mark.svg"
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0b6e4f",
        "color-brand-content": "#0b6e4f",
    },
    "dark_css_variables": {
        "color-brand-primary": "#5ad1a4",
        "color-brand-content": "#5ad1a4",
    },
}
notfound_urls_prefix = None  # The site also works from a folder.
ogp_site_url = html_baseurl
ogp_social_cards = {"enable": False}  # Drawing cards would need matplotlib.
sitemap_url_scheme = "{link}"
redirects = json.loads((ROOT / "docs/redirects.json").read_text())
# Building every page once more as text takes longer than an incremental build.
llms_txt_enabled = bool({"CI", "READTHEDOCS"} & os.environ.keys())
llms_txt_full_build = True
llms_txt_description = (
    "Django-Q2 recipes and reference in which every code block has been executed."
)
# The Markdown copy of the site leaves out the titles of the home page's cards.
llms_txt_suppress_unknown_node_warnings = ["PassthroughTextElement"]


def setup(app):
    app.connect("autodoc-process-docstring", indent_fields)


def indent_fields(app, what, name, obj, options, lines):
    """Indent the second line of a field; one of upstream's docstrings does not."""
    for n in range(1, len(lines)):
        if lines[n - 1].startswith(":") and lines[n][:1] not in ("", ":", " "):
            lines[n] = f"   {lines[n]}"
