"""What a reader copies of a session goes into `manage.py shell` as it is.

The button of the page and this test run the same `type.js`, here in an embedded V8.
"""

import json
from codeop import compile_command
from functools import cache
from itertools import chain

from py_mini_racer import MiniRacer
from pygments.lexers import get_lexer_by_name
from pygments.token import Generic

from cookbook.catalogue import ROOT
from cookbook.harness import pages

# What a browser has, as far as the script asks for it.
BROWSER = """
const Node = { TEXT_NODE: 3 };
function element(parts) {
  const child = ([prompt, data]) => ({
    classList: { contains: () => prompt },
    childNodes: [{ nodeType: Node.TEXT_NODE, data }],
  });
  return { childNodes: parts.map(child), classList: { contains: () => false } };
}
"""


@cache
def browser():
    racer = MiniRacer()
    racer.eval(BROWSER + (ROOT / "docs/_static/type.js").read_text())
    return racer


def copied(text):
    """Return what the button of a session copies."""
    tokens = get_lexer_by_name("pycon").get_tokens(text)
    parts = [[kind in Generic.Prompt, value] for kind, value in tokens]
    return browser().eval(f"textToType(element({json.dumps(parts)}))")


def refusal(text):
    """Return what an interpreter says of lines that are pasted into it, or nothing."""
    waiting = []
    for line in text.splitlines():
        waiting.append(line)
        try:
            if compile_command("\n".join(waiting), "<console>", "single"):
                waiting = []
        except SyntaxError as error:
            return f"{line!r}: {error.msg}"
    return f"{waiting[-1]!r}: it waits for more" if waiting else ""


def test_sessions_can_be_pasted():
    blocks, _ = pages.read()
    sessions = [b for b in chain(*blocks.values()) if b.language == "pycon"]
    assert len(sessions) > 100
    wrong = {str(b): why for b in sessions if (why := refusal(copied(b.text)))}
    assert not wrong, "\n".join(f"{b}: {why}" for b, why in wrong.items())


PLANTED = ">>> while True:\n...     break\n>>> 1\n1\n>>> for n in [1]:\n...     n\n1"


def test_a_session_that_cannot_be_pasted():
    text = "while True:\n    break\n\n1\nfor n in [1]:\n    n\n\n"
    assert copied(PLANTED) == text
    assert refusal(text) == ""
    assert refusal(text.replace("\n\n", "\n", 1)) == "'1': invalid syntax"
    assert refusal(text[:-1]) == "'    n': it waits for more"
