"""The search answers what users type: `queries.txt`, asked in the site's own script."""

import pytest

from cookbook.harness import pages
from cookbook.site.search import DOCS, QUERIES, Engine, build_index, engine, queries
from cookbook.troubleshooting.paste_a_log.public import PASTES

NAMES = {
    page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")
}
ANSWERS = {
    query: answers
    for query, names in queries(QUERIES.read_text()).items()
    if (answers := NAMES.intersection(names))
}


def test_search_finds_the_pages_and_what_people_pasted():
    """All in one test: the index of the site is made once.

    A paste is open until its message has an entry.
    """
    pages.read()
    ask = engine().ask
    asked = [paste for paste in PASTES if not paste.is_open]
    print(f"{len(PASTES) - len(asked)} of {len(PASTES)} pastes are open")
    wanted = ANSWERS | {paste.line: paste.pages for paste in asked}
    answers = {query: ask(query) for query in wanted}
    missed = {q: names for q, names in answers.items() if not wanted[q] & {*names}}
    assert not missed, "\n".join(f"{q!r} finds {names}" for q, names in missed.items())


PLANTED = {
    "a-task": "# A task and another task\n\nEach task waits; the word retry is here.",
    "keys": "# Keys\n\n## retry\n\nSeconds until a task is delivered again.",
    "old": "# Old tasks\n\n```{index} single: reincarnated worker\n```\n\nIt died.",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    docs = tmp_path_factory.mktemp("docs")
    contents = "\n".join(["# Home\n\n```{toctree}", *PLANTED, "```\n"])
    for name, text in (PLANTED | {"index": contents}).items():
        (docs / f"{name}.md").write_text(text)
    (docs / "conf.py").write_text('extensions = ["myst_parser"]\n')
    return Engine(*build_index(docs, tmp_path_factory.mktemp("build"))).ask


def test_a_heading_comes_before_the_alphabet(planted):
    assert planted("retry")[0] == "keys"


def test_an_index_entry_answers_a_log_line(planted):
    line = "15:17:34 [Q] ERROR reincarnated worker Process-1:2 after death"
    assert planted(line)[0] == "old"


def test_a_synonym_answers_a_symptom(planted):
    assert planted("redeliver") == planted("retry")


def test_a_strange_word_finds_nothing(planted):
    assert planted("zebra") == []
