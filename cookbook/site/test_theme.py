"""A small site with everything in it that has gone wrong before, built and read."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docutils import nodes

from cookbook.catalogue import ROOT
from cookbook.site.markdown import Markdown

INLINE = re.compile(
    r"<style|<script(?![^>]*(?:\bsrc=|json))|<[a-z][^<>]*\sstyle=", re.I
)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<address>[^)\s]*)\)")
CONF = {
    "project": "Planted",
    "extensions": [
        "myst_parser",
        "sphinx_design",
        "sphinx_reredirects",
        "sphinx_sitemap",
        "notfound.extension",
        "cookbook.site.fold",
        "cookbook.site.markdown",
        "cookbook.site.search",
        "cookbook.site.theme",
    ],
    "myst_enable_extensions": ["colon_fence", "deflist"],
    "html_theme": "furo",
    "html_baseurl": "https://example.org/en/latest/",
    "html_static_path": [str(ROOT / "docs/_static")],
    "html_css_files": ["cookbook.css"],
    "html_copy_source": False,
    "sitemap_url_scheme": "{link}",
    "sitemap_excludes": ["404.html", "genindex.html", "search.html"],
    "templates_path": [str(ROOT / "docs/_templates")],
    "redirects": {"old/one": "../recipes/one.html"},
    "redirect_html_template_file": str(ROOT / "docs/_templates/redirect.html"),
}
PAGES = {
    "index": """
# Planted

A queue runs work. See {doc}`recipes/one` or [that](recipes/bare.md) for more.

::::{grid} 1
:::{grid-item-card} One
:link: recipes/one
:link-type: doc

A card.
:::
::::

```{toctree}
:caption: Recipes

recipes/index
```
""",
    "recipes/index": """
# Recipes

Whole modules.

```{toctree}
one
bare
```
""",
    "recipes/bare": "# Bare",
    "recipes/one": """
# One recipe

It sends `mail` in the background & waits. This sentence is longer than a search engine
would show, for it goes on and on until one hundred and sixty letters are over, and on.

```{literalinclude} one.py
:language: python
```

{download}`one.py <one.py>`

:::{dropdown} The `run` behind it
```console
$ python one.py
1
```
:::

:::{dropdown} Seen at once
:open:
Unfolded.
:::

|  | Cost |
| --- | --- |
| one a\\|b | *1* |

```{note}
1. **first**
2. [second](index.md), [third](#one-recipe)
```

- an item

  of two paragraphs

```pycon
>>> if 1:
...     2
2
```

Term
: Its definition.

> A quotation.

![A picture](one.svg)

```{eval-rst}
.. function:: send(to, text)

   :param to: an address

.. rubric:: Small
```

<p style="color: red">Red</p>
<style>p { margin: 0 }</style>
<script>planted();</script>
<script type="application/json">{}</script>
""",
}


def build(folder, **settings):
    docs = folder / "docs"
    for name, text in PAGES.items():
        page = docs / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)
    (docs / "recipes/one.py").write_text("print(1)\n")
    (docs / "recipes/one.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    conf = CONF | settings
    (docs / "conf.py").write_text("\n".join(f"{k} = {v!r}" for k, v in conf.items()))
    html = folder / "html"
    # In a process of its own: what Sphinx registers stays for all of a process.
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", docs, html]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert not process.returncode, process.stderr
    return html


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def page(site):
    return (site / "recipes/one.html").read_text()


def test_nothing_stands_inline(site):
    for file in site.rglob("*.html"):
        match = INLINE.search(file.read_text())
        assert not match, f"{file.relative_to(site)}: {match[0]}"


@pytest.mark.parametrize("mistake", ["<style>", "<script>", '<p style="color: red">'])
def test_what_stands_inline_is_found(mistake):
    assert INLINE.search(mistake)


def test_inline_code_has_moved_into_files(site, page):
    files = site / "_static/pages/recipes"
    assert "planted();" in {file.read_text() for file in files.glob("*.js")}
    assert "color: red" in (files / "one.css").read_text()
    for name in re.findall(r'(?:src|href)="\.\./(_static/[^"?]+)', page):
        assert (site / name).exists(), name


def test_landmarks_and_headers_have_names(site, page):
    assert 'role="heading"' not in page
    assert "<td></td>" in page
    for label in "Site", "Page", "Tools", "Search":
        assert f'aria-label="{label}"' in page


def test_a_lost_page_is_styled_under_the_path_of_the_site(site, tmp_path):
    page = (site / "404.html").read_text()
    assert 'href="/en/latest/_static/styles/furo.css' in page
    assert 'action="/en/latest/search.html"' in page
    root = build(tmp_path, html_baseurl="https://example.org/")
    assert 'href="/_static/styles/furo.css' in (root / "404.html").read_text()


def test_links_to_the_repository_need_one_setting(page, tmp_path):
    address = "https://github.com/example/shop"
    assert address not in page
    site = build(tmp_path, site_repository=address)
    page = (site / "recipes/one.html").read_text()
    assert f"{address}/edit/main/docs/recipes/one.md" in page
    assert f'href="{address}"' in page


def test_a_description_is_whole_sentences(site):
    home = (site / "index.html").read_text()
    words = "A queue runs work. See One recipe or that for more."
    assert f'<meta property="og:description" content="{words}">' in home
    page = (site / "recipes/one.html").read_text()
    words = "It sends mail in the background &amp; waits."
    assert f'<meta name="description" content="{words}">' in page


def test_a_section_introduces_its_pages(site):
    section = (site / "recipes/index.html").read_text()
    assert '<span class="entry-summary">It sends mail' in section


def test_no_code_looks_like_a_link(site):
    style = (site / "_static/pygments.css").read_text()
    lines = [line for line in style.splitlines() if "underline" in line]
    names = {
        name for line in lines for name in re.findall(r"\.highlight (\.\w+)", line)
    }
    own = (site / "_static/cookbook.css").read_text()
    plain = re.search(r"\.highlight :is\((.*?)\) {\n  text-decoration: none", own)
    assert names == {*plain[1].split(", ")}


def test_only_a_page_with_cards_loads_their_style(site, page):
    assert "sphinx-design" not in page
    assert "sphinx-design" in (site / "index.html").read_text()


def test_pictures_are_loaded_when_they_are_seen(page):
    assert '<img loading="lazy" alt="A picture"' in page


def test_a_fold_is_plain_details(page):
    assert '<details class="fold">\n<summary>The <code' in page
    assert '<details class="fold" open="">' in page


def test_an_old_address_leads_to_the_new_page(site):
    assert 'href="../recipes/one.html"' in (site / "old/one.html").read_text()


def test_the_sitemap_has_pages_only(site):
    urls = re.findall("<loc>(.*?)</loc>", (site / "sitemap.xml").read_text())
    assert len(urls) == len(PAGES)


def test_the_search_knows_what_each_page_says(site):
    text = (site / "_static/summaries.js").read_text()
    summaries = json.loads(text.removeprefix("const SUMMARIES = ").removesuffix(";\n"))
    assert summaries.keys() == PAGES.keys()


def test_every_page_is_there_as_markdown(site):
    text = (site / "recipes/one.md").read_text()
    for part in (
        "# One recipe\n\nIt sends",
        "```python\nprint(1)\n```",
        "```pycon\n>>> if 1:\n...     2\n...\n2\n```",
        "**The `run` behind it**\n\n```console\n$ python one.py\n1\n```",
        "|  | Cost |\n| --- | --- |\n| one a\\|b | *1* |",
        "> **Note**\n> \n> 1. **first**\n> 2. [second](index.md), third",
        "- an item\n\n  of two paragraphs",
        "**Term**\n\nIts definition.",
        "> A quotation.",
        "![A picture](../_images/one.svg)",
        "**send(to, text)**",
        "- Parameters: **to** \u2013 an address",
        "**Small**",
    ):
        assert part in text, text
    assert "planted();" not in text


def test_markdown_keeps_text_beside_a_block_and_drops_html():
    mixed = nodes.container("", nodes.Text("a"), nodes.paragraph("", "b"))
    assert Markdown().block(mixed) == "a\n\nb"
    html = nodes.raw("", "<b>", format="html")
    assert Markdown().inline(nodes.paragraph("", "", html, nodes.Text("a"))) == "a"


def test_links_of_the_markdown_lead_to_files(site):
    files = [*site.rglob("*.md"), site / "llms.txt"]
    links = [(f, m) for f in files for m in LINK.finditer(f.read_text())]
    assert len(links) > len(PAGES)
    for file, link in links:
        assert link["text"]
        assert Path(file.parent, link["address"]).exists(), f"{file.name}: {link[0]}"


def test_llms_txt_lists_the_pages_in_their_sections(site):
    text = (site / "llms.txt").read_text()
    assert text.startswith(
        "# Planted\n\n> A queue runs work. See One recipe or that for more."
    )
    assert "## Recipes\n\n- [Recipes](recipes/index.md): Whole modules." in text
    whole = (site / "llms-full.txt").read_text()
    assert whole.index("# Planted") < whole.index("# Recipes") < whole.index("# One")
