"""Symptoms and the rules of qdoctor know each other, and an entry fits on a screen."""

import re

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from cookbook.qdoctor import explain
from cookbook.reference.check_your_q_cluster import findings
from cookbook.troubleshooting.symptoms import entries, split

MOST = 130  # Words before the first fold.


def faults(visible, ids):
    """Return what is wrong with entries, and which rules and entries do not agree."""
    for entry in visible:
        head, fold, _ = entry.text.partition("```{dropdown}")
        words = len(re.sub("```{index}.*\n```", "", head).split())
        if words > MOST:
            yield f"{entry.words}: {words} words are longer than a screen"
        if "\n\n**Fix:** " not in head:
            yield f"{entry.words}: say after **Fix:** what to set"
        if not entry.foresight:
            yield f"{entry.words}: add the line **See it coming:**"
        if not fold and not re.search(r"^\*\*(The run|Not run):\*\* ", head, re.M):
            yield f"{entry.words}: show the run in a {{dropdown}}, or link to it"
        if "```{index} !" not in head:
            yield f"{entry.words}: add an {{index}} with the words of a search"
        for one in {*re.findall("{rule}`(.+?)`", entry.text)} - {*ids}:
            yield f"{entry.words}: qdoctor has no rule {one}"
    for one in {*ids} - {one for entry in visible for one in entry.rules}:
        yield f"{one}: no entry names it in **See it coming:**"


def test_symptoms_and_rules_agree():
    ids = [row["Id"] for row in findings()]
    assert list(faults(entries(), ids)) == []


def test_messages_name_rules_that_are_there():
    ids = {row["Id"] for row in findings()}
    for entry in explain.entries():
        assert not {*entry.rules} - ids, entry.text


PLANTED = """\
## It hangs

```{index} ! hang
```

Why.

**Fix:** Set it, unlike {rule}`W999`.

**See it coming:** {rule}`W001`.

```{dropdown} The run
```

## It stops

"""


def test_entries_and_rules_that_do_not_agree():
    visible = split("stops", PLANTED + "word " * 131)
    assert sorted(faults(visible, ["W001", "W002"])) == [
        "It hangs: qdoctor has no rule W999",
        "It stops: 131 words are longer than a screen",
        "It stops: add an {index} with the words of a search",
        "It stops: add the line **See it coming:**",
        "It stops: say after **Fix:** what to set",
        "It stops: show the run in a {dropdown}, or link to it",
        "W002: no entry names it in **See it coming:**",
    ]


SITE = {
    "conf.py": 'extensions = ["myst_parser", "cookbook.site.symptoms"]\n',
    "index.md": """\
# Home

```{toctree}
troubleshooting/qdoctor
```

{rule}`W012`
""",
    "troubleshooting/qdoctor.md": """\
# Rules

| Rule | For example |
| --- | --- |
| `W012` | `retry` |
| `W999` | nothing |

```{symptoms}
```
""",
}


def test_a_rule_leads_to_its_entry_and_back(tmp_path):
    (tmp_path / "troubleshooting").mkdir()
    for name, text in SITE.items():
        (tmp_path / name).write_text(text)
    with docutils_namespace():
        site = Sphinx(
            tmp_path, tmp_path, tmp_path / "html", tmp_path / "doctrees", "html",
            status=None, warning=None,
        )  # fmt: skip
        site.build()
    home = (tmp_path / "html/index.html").read_text()
    assert 'href="troubleshooting/qdoctor.html#w012"' in home
    rules = (tmp_path / "html/troubleshooting/qdoctor.html").read_text()
    cells = re.findall('<td id="(w...)"><p><a .+? href="(.+?)">', rules)
    assert [*map(list, cells)] == [
        ["w012", "runs-twice.html#a-task-runs-twice-although-it-did-not-fail"],
        ["w999", "symptoms.html#no-symptom-yet"],
    ]
    assert "A failed task runs again and again" in rules
    assert 'href="../troubleshooting/qdoctor.html#i033"' in rules
