"""Provoke each message of `manage.py worker` that its page explains.

Needs: django-prodserver.

The runs are the modules of this package. A heading of the page that is a message must
be among what they printed:

>>> from cookbook.evidence.worker_errors import unprovoked
>>> unprovoked()
[]
>>> unprovoked("# `No module named 'jango_q'`")
["No module named 'jango_q'"]
"""

import doctest
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs/backend/errors.md"


def unprovoked(page=None):
    """Return the headings of the page that are messages and that no run prints."""
    headings = re.findall(r"^#+ `(.+)`$", page or PAGE.read_text(), re.M)
    outputs = "".join(
        example.want or example.exc_msg or ""
        for module in HERE.glob("[!_]*.py")
        for example in doctest.DocTestParser().get_examples(module.read_text())
    )
    return [heading for heading in headings if heading not in outputs]
