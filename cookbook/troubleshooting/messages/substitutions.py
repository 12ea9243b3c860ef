"""Count the messages for the page, whenever the site is built.

>>> from cookbook.troubleshooting.messages.substitutions import substitutions
>>> counts = substitutions()
>>> counts["explained"] == counts["total"], counts["printed"] / counts["total"] > 0.9
(True, True)
"""

from cookbook.qdoctor.explain import entries

from . import all_runs, places


def substitutions():
    """Return what the page names in double braces."""
    texts = places().keys()
    return {
        "total": len(texts),
        "explained": len(texts & {entry.text for entry in entries()}),
        "printed": len(texts & all_runs().keys()),
    }
