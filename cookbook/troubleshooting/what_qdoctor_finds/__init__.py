"""What happens with the mistakes that qdoctor finds, and how it looks without it.

Every finding that qdoctor can print stands on the page, and the page names no other:

>>> from cookbook.troubleshooting.what_qdoctor_finds import findings, named
>>> findings() ^ named()
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
        found
        for module in modules
        for found in re.findall(r'"django_q\.(\w\d{3})"', module.read_text())
    }


def named():
    """Return the ids on the page."""
    return set(
        re.findall(r"\b[EWI]\d{3}\b", find("what-qdoctor-finds").page.read_text())
    )
