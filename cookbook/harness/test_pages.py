"""One reading of Sphinx is kept; what it complained of is read again."""

from sphinx.util.docutils import docutils_namespace

from cookbook.harness import pages


def read(docs):
    with docutils_namespace():  # Else Sphinx complains that it was here before.
        return pages._read(docs)


def test_a_page_with_a_warning_is_read_again(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (tmp_path / "README.md").write_text("# A house\n")
    (docs / "conf.py").write_text('extensions = ["myst_parser"]\n')
    (docs / "index.md").write_text("# A house\n\n```{toctree}\none\n```\n")
    (docs / "one.md").write_text("# One\n\n```console\n$ true\n```\n\n{doc}`two`\n")
    kept = docs / "_build/doctrees/whole"
    for _ in range(2):  # What was read is kept, but not what was said of it.
        blocks, warnings = read(docs)
        assert [block.text.strip() for block in blocks[docs / "one.md"]] == ["$ true"]
        assert [page.name for page in warnings] == ["one.md"]
        assert kept.exists()
    (docs / "one.md").write_text("# One\n")
    assert read(docs)[1] == {}
    (docs / "index.md").write_text("# A house\n\n{doc}`two`\n")
    assert docs / "index.md" in read(docs)[1]
    assert not kept.exists()
