"""What the mistakes that qdoctor finds do to a project.

The page names every finding that qdoctor can print, and no other:

>>> from cookbook.troubleshooting.what_qdoctor_finds import findings, ids_on_page
>>> findings() ^ ids_on_page()
set()
"""

import re
from pathlib import Path

from cookbook import qdoctor
from cookbook.catalogue import find


def findings():
    """Return the ids in the code of qdoctor."""
    modules = Path(qdoctor.__file__).parent.rglob("*.py")
    return {
        identifier
        for module in modules
        for identifier in re.findall(r'"django_q\.(\w\d{3})"', module.read_text())
    }


def page():
    return find("what-qdoctor-finds").page.read_text()


def ids_on_page():
    return set(re.findall(r"\b[EWI]\d{3}\b", page()))


def missing(lines):
    """Return which of these lines the page does not have."""
    return [line for line in lines if line not in page()]
