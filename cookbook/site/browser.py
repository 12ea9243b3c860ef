"""Try the page that judges a Q_CLUSTER in Debian's chromium: `nox -s shots`.

It opens the built page from its folder, pastes every case, and compares what stands
there with what Python says. It ends with 1 where they differ, or where the page asks
for anything outside of the folder. What it saw is shown on the page. An argument
names the folder of the built site, CHROMIUM another browser.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402  It needs no Django.

from cookbook.reference.check_your_q_cluster import FIGURES, rows  # noqa: E402
from cookbook.reference.check_your_q_cluster.cases import CASES, judged  # noqa: E402
from cookbook.reference.check_your_q_cluster.plan import plan  # noqa: E402
from cookbook.site.stamps import VERSIONS  # noqa: E402

SITE = Path(sys.argv[1] if sys.argv[1:] else ROOT / "docs/_build/html").resolve()
PAGE = SITE / "reference/check-your-q-cluster.html"
TYPED = {"workers": 3, "timeout": 45, "queue_limit": 9, "bulk": 2, "poll": 2}
READ = """
(source) => {
  const area = document.getElementById("doctor-source");
  area.value = source;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  if (document.getElementById("doctor-count").textContent.startsWith("Not read")) {
    return "refused";
  }
  return Array.from(document.querySelectorAll("#doctor-findings li"), (item) => ({
    id: `django_q.${item.querySelector(".id").textContent}`,
    message: item.querySelector(".id").nextSibling.textContent,
    hint: item.querySelector(".hint").textContent,
  }));
}
"""


def expected_plan(page):
    """Fill in the calculator as a reader would; return what it says."""
    for name, value in TYPED.items():
        page.fill(f"#plan-{name}", str(value))
    page.select_option("#plan-broker", "orm")
    names = page.locator("#plan-results dt").all_text_contents()
    return dict(
        zip(names, page.locator("#plan-results dd").all_text_contents(), strict=True)
    )


def main():
    asked, errors = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(PAGE.as_uri())
        # A browser gives a text area "\n" for every line end.
        cases = [case for case in CASES if "\r" not in case]
        wrong = [case for case in cases if page.evaluate(READ, case) != judged(case)]
        calculated = expected_plan(page) == plan(TYPED, "orm")
        version = browser.version
        browser.close()
    outside = [url for url in asked if not url.startswith(SITE.as_uri())]
    print(f"{len(cases)} cases in Chromium {version}: {len(wrong)} differ")
    if wrong or errors or outside or not calculated:
        sys.exit(f"{wrong[:5]}\n{errors}\n{outside}\ncalculator agrees: {calculated}")
    figures = json.loads(FIGURES.read_text()) | {
        "rows": rows(),
        "cases": len(cases),
        "browser": f"Chromium {version}",
        "tried": date.today().isoformat(),
        "versions": VERSIONS,
    }
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
