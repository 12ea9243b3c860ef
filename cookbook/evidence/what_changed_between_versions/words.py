"""Say what a difference between two releases means for a user, a row for each change.

>>> from cookbook.evidence.what_changed_between_versions.words import changes
>>> gone = {"since": "1.10.0", "what": "`flag qinfo --ids`", "before": "`-`",
...         "after": "`action='store_true'`"}
>>> def failure(source, before, after="`1`"):
...     link = "[](/reference/tasks.md)"
...     what = f"`{source}` in {link}"
...     return {"since": "1.11.1", "what": what, "before": before, "after": after}
>>> rows = [gone, failure("one()", "`did not finish`"),
...          failure("two()", "`did not finish`"), failure("three()", "`2`")]
>>> for change in changes(rows):
...     print(*change.values(), sep=" | ")
1.10.0 | The flag `qinfo --ids` is new | the code
1.11.1 | A cluster ... | [](/reference/tasks.md)
1.11.1 | `three()` gives `1`; before, `2` | [](/reference/tasks.md)

What is gone, and what has another value:

>>> print(*(c["What changed"] for c in changes([
...     gone | {"before": "`1`", "after": "`-`"},
...     gone | {"before": "`1`", "after": "`2`"},
... ])), sep="\\n")
The flag `qinfo --ids` is gone
The flag `qinfo --ids` is `2`; before, `1`
"""

import re

# What many examples print differently because of one change, and the change.
CAUSES = {
    "execute_in_worker|reincarnated worker":
        "The signal `post_execute_in_worker` is new",
    "guard_cycle":
        "With a negative `guard_cycle` the sentinel never pauses; before, it neither "
        "replaced a worker nor reported the cluster",
    r"\\x1b\[6n|in \[\]\(/reference/commands":
        "`qmonitor` and `qmemory` draw their screens with the newest release of "
        "`blessed`",
    "did not finish":
        "A cluster that cannot start ends, and one that is stopped ends at once",
}  # fmt: skip


def changes(differences):
    """Return a row for each change: since when, in words, and where it was seen."""
    places = {}
    for one in differences:
        pages = places.setdefault((one["since"], sentence(one)), {})
        pages.update(dict.fromkeys(re.findall(r"\[\]\(.+?\)", one["what"])))
    return [
        {
            "Since": since,
            "What changed": words,
            "Seen in": ", ".join(pages) or "the code",
        }
        for (since, words), pages in places.items()
    ]


def sentence(one):
    """Return a difference in words."""
    what, before, after = one["what"], one["before"], one["after"]
    if " in [" not in what:
        kind, _, name = what.strip("`").partition(" ")
        if before == "`-`":
            more = ": run `migrate`" if kind == "migration" else ""
            return f"The {kind} `{name}` is new{more}"
        now = "gone" if after == "`-`" else f"{after}; before, {before}"
        return f"The {kind} `{name}` is {now}"
    for pattern, words in CAUSES.items():
        if re.search(pattern, f"{what} {before} {after}"):
            return words
    return f"{what.partition(' in [')[0]} gives {after}; before, {before}"
