"""Put the page's script together, and prove that it judges as Python does.

Needs: mini-racer.

>>> len(differences(script()))
0

It would be seen: here the script has another rule than Python.

>>> len(differences(script().replace("(workers > 4)", "(workers > 40)")))
1

The committed files are what the rules make; `write` makes them again:

>>> [name for name, text in files().items() if (HERE / name).read_text() != text]
[]
>>> with tempfile.TemporaryDirectory() as folder:
...     write(Path(folder))
...     sorted(path.name for path in Path(folder).iterdir())
['cases.json', 'doctor.html', 'plan.html']

The calculator's numbers are Python's, too:

>>> numbers = {"workers": 3, "timeout": 45, "queue_limit": 9, "bulk": 2}
>>> engine = started(script())
>>> told = "JSON.stringify([...plan(new Map(Object.entries(JSON.parse(a))), b)])"
>>> calculator = engine.eval(f"((a, b) => {told})")
>>> for broker in ("orm", "redis", "sqs"):
...     told = json.loads(calculator(json.dumps(numbers), broker))
...     dict(told) == plan(numbers, broker)
True
True
True
"""

import json
import tempfile  # noqa: F401  The session above uses it.
from pathlib import Path

from py_mini_racer import MiniRacer

from .cases import CASES, judged
from .plan import plan  # noqa: F401  The session above uses it.
from .translate import whole

HERE = Path(__file__).parent
JUDGE = """
(source) => {
  try { return JSON.stringify(diagnose(read(source))); }
  catch (error) {
    if (error instanceof SyntaxError) return '"refused"';
    throw error;
  }
}
"""


def script():
    """Return the reader of literals and the rules, without the page around them."""
    return (HERE / "engine.js").read_text() + whole()


def files():
    """Return what the page includes: `{name: text}`."""
    style, page = (HERE / name for name in ("page.css", "page.js"))
    return {
        "doctor.html": f"<style>\n{style.read_text()}</style>\n"
        f"{(HERE / 'markup.html').read_text()}",
        "plan.html": f"{(HERE / 'calculator.html').read_text()}"
        f"<script>\n(() => {{\n{script()}\n{page.read_text()}}})();\n</script>\n",
        "cases.json": json.dumps([[case, judged(case)] for case in CASES], indent=0)
        + "\n",
    }


def write(folder=HERE):
    """Write the files that the page includes."""
    for name, text in files().items():
        (folder / name).write_text(text)


def started(source):
    """Return a JavaScript engine that has run `source`."""
    engine = MiniRacer()
    engine.eval(source)
    return engine


def differences(source):
    """Return the cases that the script judges otherwise than Python."""
    engine = started(source)  # A function of the engine ends with it.
    judge = engine.eval(JUDGE)
    return [case for case in CASES if json.loads(judge(case)) != judged(case)]
