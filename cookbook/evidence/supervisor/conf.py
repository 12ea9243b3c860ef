"""Name the lines of a supervisord.conf that supervisor does not read.

supervisor itself starts with a misspelt option and says nothing.

>>> from cookbook.catalogue import find
>>> from cookbook.evidence.supervisor.conf import unread
>>> file = find("deploy/supervisor").path / "supervisord.conf"
>>> unread(file)
[]
>>> from pathlib import Path
>>> wrong = Path("wrong.conf")
>>> _ = wrong.write_text(file.read_text().replace("stopwaitsecs", "stopwaitsec"))
>>> unread(wrong)
['[program:web] stopwaitsec', '[program:worker] stopwaitsec']
"""

import re
from unittest.mock import patch

from supervisor import options


def unread(path):
    """Load the file as supervisor does; return the options that it left alone."""
    asked = set()

    class Listening(options.UnhosedConfigParser):
        def saneget(self, section, option, *args, **kwargs):
            asked.add((section, option))
            return super().saneget(section, option, *args, **kwargs)

    with patch.object(options, "UnhosedConfigParser", Listening):
        options.ServerOptions().realize(["-c", str(path)])
        if "[supervisorctl]" in path.read_text():
            options.ClientOptions().realize(["-c", str(path), "status"])
    return [f"[{s}] {o}" for s, o in _lines(path.read_text()) if (s, o) not in asked]


def _lines(text):
    section = None
    for header, option in re.findall(r"^(?:\[(.+)\]|([\w.]+)=.*)$", text, re.M):
        section = header or section
        if option:
            yield section, option
