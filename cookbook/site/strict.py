"""Read every page of the built site in Debian's chromium: `nox -s shots`.

The site is served below a path, with `Content-Security-Policy: default-src 'self'`.
It ends with 1 where a page breaks that policy, loads a file that is not there, is wider
than a phone, hides the current entry of the navigation, has a copy button that cannot
be seen, or copies what nobody types. An argument names the folder of the site.
"""

import re
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cookbook.catalogue import ROOT
from cookbook.site.chromium import chromium
from cookbook.site.markdown import interpreted

PREFIX = "/en/latest/"
LOST = "gone/page.html"
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.broken.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""
COPIES = """
() => Array.from(document.querySelectorAll("article .highlight > pre"), (pre) => [
  pre.parentElement.parentElement.className, pre.textContent, textToType(pre),
  Boolean(pre.parentElement.querySelector("button.copy")),
])
"""
IN_VIEW = """
() => {
  const entry = document.querySelector(".sidebar-tree .current-page > .reference");
  if (!entry) return true;
  const { top, bottom } = entry.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
"""
UNSEEN = """
() => Array.from(document.querySelectorAll("button.copy"))
  .filter((button) => button.checkVisibility())
  .filter((button) => {
    button.focus({ focusVisible: true, preventScroll: true });
    const { opacity, outlineStyle } = getComputedStyle(button);
    return opacity !== "1" || outlineStyle === "none";
  }).length
"""


class Handler(SimpleHTTPRequestHandler):
    """Serves the site as a hosting service does: below a path, with its own 404."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def translate_path(self, path):
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def send_error(self, code, message=None, explain=None):
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing; what fails is reported by the browser."""


def text_to_type(kind, text):
    r"""Return what one types of a block, or "" of one that only shows answers.

    >>> from cookbook.site.strict import text_to_type
    >>> console, pycon = "highlight-console", "highlight-pycon"
    >>> text_to_type(console, "$ ls \\\n  -l\na.txt\n$ cat <<END\n> a\n> END\na\n")
    'ls \\\n  -l\ncat <<END\na\nEND\n'
    >>> text_to_type(console, "$ python -m pdb a.py\n> a.py(1)\n")
    'python -m pdb a.py\n'
    >>> text_to_type(pycon, ">>> if 1:\n...     print(2)\n...\n2\n>>> 3\n...\n")
    'if 1:\n    print(2)\n\n3\n'
    >>> text_to_type(pycon, ">>> if 1:\n...     print(2)\n2\n>>> 3\n")
    'if 1:\n    print(2)\n\n3\n'
    >>> text_to_type("highlight-output", "2\n")
    ''
    """
    first = {"console": "$ ", "pycon": ">>> "}
    prompts = [mark for name, mark in first.items() if f"highlight-{name}" in kind]
    if not prompts:
        return "" if "highlight-output" in kind else re.sub(r"\n+$", "\n", text)
    lines, second, before = [], "", ""
    for line in interpreted(text).splitlines():
        if line.startswith(prompts[0]):
            lines.append(line.removeprefix(prompts[0]))
            goes_on = line.endswith("\\") or "<<" in line
            second = "... " if prompts[0] == ">>> " else "> " * goes_on
        elif second and line.startswith(second):
            lines.append(line.removeprefix(second))
        elif second == "... " and line == "..." and before.startswith(second):
            lines.append("")
        elif lines and lines[-1].endswith("\\"):
            lines.append(line)
        else:
            second = ""
        before = line
    return "".join(f"{line}\n" for line in lines)


def faults(page, address):
    """Yield what is wrong with one page."""
    missing = []

    def note(answer):
        if answer.status >= 400:
            missing.append(answer.url)

    page.on("response", note)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", note)
    yield from page.evaluate("window.broken")
    yield from (url for url in missing if not url.endswith(LOST))
    if not page.evaluate(IN_VIEW):
        yield "the current entry of the navigation is out of view"
    if hidden := page.evaluate(UNSEEN):
        yield f"{hidden} copy buttons cannot be seen when they have the focus"
    for kind, text, copy, has_button in page.evaluate(COPIES):
        right = text_to_type(kind, text)
        if "highlight-output" not in kind and copy != right:
            yield f"copies {copy!r}, one types {right!r}"
        if has_button != bool(right):
            yield f"a button too many, or none: {text!r}"
    page.set_viewport_size({"width": 360, "height": 740})
    if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
        yield f"is {width} pixels wide on a phone of 360"


def main(folder=ROOT / "docs/_build/html"):
    site = Path(folder).resolve()
    pages = [
        page.relative_to(site).as_posix()
        for page in sorted(site.rglob("*.html"))
        if page.relative_to(site).parts[0] not in {"_downloads", "404.html"}
        and 'http-equiv="refresh"' not in page.read_text()
    ]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wrong = []
    with chromium() as browser:
        page = browser.new_page()
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        for name in [*pages, "search.html?q=retry", LOST]:
            address = f"http://127.0.0.1:{server.server_port}{PREFIX}{name}"
            wrong += [f"{name}: {fault}" for fault in faults(page, address)]
    server.shutdown()
    print(f"{len(pages)} pages under a strict policy: {len(wrong)} faults")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
