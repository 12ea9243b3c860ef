"""Begin a page and its code, green at once: `python -m cookbook new SECTION/NAME`.

What is for copying gets a folder with a task, a story and tests. An experiment gets one
module. Both get a page of the form that its section has, and an entry in the contents.
"""

import re

from cookbook.catalogue import COPIED, ROOT, SECTIONS
from cookbook.take import refusal

RECIPE = {
    "__init__.py": '"""{title}."""\n',
    "settings.py": '''\
"""Its examples run beside a cluster; it needs no key of its own."""

Q_CLUSTER = {{}}
''',
    "tasks.py": '''\
"""{title}.

Say in one sentence what the reader types, and show what it prints:

{prompt} from {package}.tasks import greet
{prompt} from django_q.tasks import async_task, result
{prompt} result(async_task(greet, "Žofie"), wait=30_000)
'Hello, Žofie'
"""


def greet(name: str) -> str:
    """Return a greeting."""
    return f"Hello, {{name}}"
''',
    "tests.py": '''\
"""Edges and faults; they need no cluster."""

from django.test import TestCase

from .tasks import greet


class GreetTests(TestCase):
    def test_an_empty_name(self):
        self.assertEqual(greet(""), "Hello, ")
''',
}
EXPERIMENT = '''\
"""{title}.

A task runs beside a cluster, in a project of its own:

{prompt} from {package} import edges
{prompt} print(edges())
| Value | What happens |
| --- | --- |
| `-7` | 7 |
"""

from cookbook.harness.trial import observe, table


def edges():
    return table({{"`-7`": observe(abs, -7)}})
'''
OPENING = """\
# {title}

Say what hurts, why, and what to do, in two to four sentences.
"""
PAGES = {
    "recipe": OPENING
    + """
```{{take}} {name}
```

## Try it

```{{session}} {stem}/tasks.py
```

## Limits

- Say what it does not promise.

## The code

```{{recipe}} {stem}/tasks.py
```

```{{dropdown}} The tests
:::{{recipe}} {stem}/tests.py
:::
```
""",
    "experiment": OPENING
    + """
```{{edges}} {stem}.py
```

```{{dropdown}} The run behind this page
:::{{session}} {stem}.py
:::

:::{{recipe}} {stem}.py
:::
```
""",
}


def begin(section, name, root=ROOT):
    """Write the first files of `section/name` and return their paths.

    Raises ValueError for a name that cannot be, or that is there already.
    """
    if section not in SECTIONS[1:]:
        raise ValueError(
            f"there is no section {section!r}; take one of {', '.join(SECTIONS[1:])}"
        )
    name, stem = name.replace("_", "-"), name.replace("-", "_")
    if why := refusal(stem.replace(".", "-")):  # A page is in no package.
        raise ValueError(why)
    is_recipe = section in COPIED
    words = {
        "name": name,
        "stem": stem,
        "package": f"cookbook.{section}.{stem}",
        "prompt": ">>>",  # Here it would begin an example of this module.
        "title": name.replace("-", " ").capitalize(),
    }
    files = {
        f"docs/{section}/{name}.md": PAGES["recipe" if is_recipe else "experiment"]
    }
    for file, text in (RECIPE if is_recipe else {}).items():
        files[f"cookbook/{section}/{stem}/{file}"] = text
    if not is_recipe:
        files[f"cookbook/{section}/{stem}.py"] = EXPERIMENT
    for file in files:
        if (root / file).exists():
            raise ValueError(f"{file} exists and was left as it is; take another name")
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text.format(**words))
    contents = root / f"docs/{section}/index.md"
    entry = f"{words['title']} <{name}>"
    contents.write_text(
        re.sub(r"\n```\s*$", f"\n{entry}\n```\n", contents.read_text(), count=1)
    )
    return [*files, f"docs/{section}/index.md"]
