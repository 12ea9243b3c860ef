"""One reading of Sphinx is kept; what it complained of is read again."""

import sphinx

from cookbook.harness import pages
from cookbook.site import stamps


def read_again(docs):
    """Read a small site five times, as five runs do."""
    store = docs / "_build/doctrees/whole"
    for _ in range(2):  # What was read is kept, but not what was said of it.
        blocks, warnings = pages._read(docs)
        assert [b.text.strip() for b in blocks[docs / "one.md"]] == ["$ true"]
        assert "one.md" in [page.name for page in warnings]
    (docs / "one.md").write_text("# One\n")
    warnings = pages._read(docs)[1]
    assert docs / "one.md" not in warnings
    # From the second time on, Sphinx also complains that it was here before.
    assert store.exists() == (docs / "index.md" not in warnings)
    store.write_text(sphinx.__version__ + stamps.house())
    assert docs / "one.md" not in pages._read(docs)[1]
    (docs / "index.md").write_text("# A house\n\n{doc}`two`\n")
    assert docs / "index.md" in pages._read(docs)[1]
    assert not store.exists()


def test_a_page_with_a_warning_is_read_again(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (tmp_path / "README.md").write_text("# A house\n")
    (docs / "conf.py").write_text('extensions = ["myst_parser"]\n')
    (docs / "index.md").write_text("# A house\n\n```{toctree}\none\n```\n")
    (docs / "one.md").write_text("# One\n\n```console\n$ true\n```\n\n{doc}`two`\n")
    read_again(docs)
    assert pages.read() == pages.read.__wrapped__()  # What this run has read is kept.
