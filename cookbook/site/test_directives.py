"""What the directives show, and what they refuse."""

import io
import zipfile

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

CONF = """
extensions = ["myst_parser", "cookbook.site.directives", "cookbook.site.fold"]
myst_enable_extensions = ["colon_fence"]

def setup(app):
    app.add_config_value("site_repository", "", "env", str)

"""


@pytest.fixture
def build(tmp_path):
    """Return a function that builds one page and returns what Sphinx says of it."""

    def build(page, text, more=""):
        (tmp_path / "conf.py").write_text(CONF + more)
        (tmp_path / "deploy").mkdir(exist_ok=True)
        (tmp_path / "deploy/several-clusters.md").write_text("---\norphan:\n---\n# Two")
        (tmp_path / "index.md").write_text(f"# Home\n\n```{{toctree}}\n{page}\n```\n")
        file = tmp_path / f"{page}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# A page\n\n{text}\n")
        warnings = io.StringIO()
        with docutils_namespace():
            site = Sphinx(
                tmp_path, tmp_path, tmp_path / "html", tmp_path / "doctrees", "html",
                status=None, warning=warnings,
            )  # fmt: skip
            site.build()
        html = tmp_path / f"html/{page}.html"
        # This process may have read the whole site before, with the same extensions.
        lines = warnings.getvalue().splitlines()
        lines = [line for line in lines if "while setting up extension" not in line]
        return html.read_text(), "\n".join(lines)

    return build


def test_a_file_is_shown_whole_under_the_readers_name(build, tmp_path):
    html, warnings = build("recipes/a", "```{recipe} qdrain/apps.py\n```")
    assert not warnings
    assert "qdrain/apps.py" in html
    assert "Let each worker mark" not in html  # That is its docstring.
    with zipfile.ZipFile(tmp_path / "html/take/all.zip") as everything:
        assert "qdrain/management/commands/qdrain.py" in everything.namelist()
    assert not (tmp_path / "html/take/install.zip").exists()


def test_a_function_may_be_shown_of_an_experiment(build):
    text = "```{recipe} q_cluster_delivery/retry.py\n:pyobject: nap\n```\n"
    text += "```{recipe} q_cluster_delivery/retry.py\n:pyobject: RUNS\n```\n"
    html, warnings = build("reference/a", text)
    assert not warnings
    assert "sleep" in html
    assert "Runs once" in html


def test_a_story_is_told_in_turn_and_folded_in_one_block(build):
    story = "```{session} qdrain/management/commands/qdrain.py\n```\n"
    html, warnings = build("recipes/a", story)
    assert not warnings
    assert html.count('class="highlight-pycon') == 2
    assert "Three tasks of a second each, and two workers:</p>" in html
    html, _ = build("recipes/a", f"````{{dropdown}} The run\n{story}````\n")
    assert html.count('class="highlight-pycon') == 1
    assert "# Three tasks of a second each" in html


def test_a_function_tells_its_story(build):
    text = "```{session} site/theme.py\n:of: replace_all\n```"
    html, warnings = build("evidence/a", text)
    assert not warnings
    assert "replace_all" in html


@pytest.mark.parametrize(
    ("page", "text", "why"),
    [
        ("recipes/a", "{recipe} qdrain/nothing.py", "there is no file"),
        ("recipes/a", "{recipe} qdrain/apps.py\n:pyobject: DrainConfig", "shown whole"),
        ("evidence/a", "{recipe} lost_on_kill.py\n:pyobject: nobody", "has no nobody"),
        ("evidence/a", "{edges} lost_on_kill.py", "prints a table"),
        ("recipes/a", "{session} qdrain/__init__.py", "tells nothing"),
    ],
)
def test_what_cannot_be_shown_says_why(build, page, text, why):
    assert why in build(page, f"```{text}\n```")[1]


def test_a_box_names_what_there_is(build):
    html, warnings = build("deploy/a", "```{take} systemd\n```")
    assert not warnings
    assert "systemd.zip" in html
    assert ">clone<" not in html
    address = "https://example.org/shop"
    html, _ = build(
        "recipes/a", "```{take} rate-limit\n```", f"site_repository = {address!r}"
    )
    assert f">{address}<" in html
    assert "is the broker of all your tasks" in html
    assert "(with the Redis broker)" in html
    assert (
        "It needs no settings"
        in build(
            "recipes/a",
            "```{take} save-limit\n```\n```{take} enqueue-after-commit\n```",
        )[0]
    )
