"""Try the page that judges a Q_CLUSTER in Debian's chromium: `nox -s shots`.

It opens the built page from its folder, pastes every case, and compares what stands
there with what Python says. It ends with 1 where they differ, or where the page asks
for anything outside of the folder. What it saw is shown on the page. An argument
names the folder of the built site.
"""

import json
import sys
from datetime import date
from pathlib import Path

from cookbook.catalogue import ROOT
from cookbook.evidence.checker_translation import FIGURES, seen_by_browser
from cookbook.evidence.checker_translation.cases import CASES, judge
from cookbook.reference.check_your_q_cluster.plan import plan
from cookbook.site.chromium import chromium

TYPED = {"workers": 3, "timeout": 45, "queue_limit": 9, "bulk": 2, "poll": 2}
SHOWN = ("found", "likely")
READ = """
(source) => {
  const area = document.getElementById("doctor-source");
  area.value = source;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  if (document.getElementById("doctor-count").textContent.startsWith("Not read")) {
    return "refused";
  }
  const items = (name) => Array.from(
    document.querySelectorAll(`#doctor-${name} li`),
    (item) => ({
      id: `django_q.${item.querySelector(".id").textContent}`,
      message: item.querySelector(".id").nextSibling.textContent,
      hint: item.querySelector(".hint")?.textContent ?? "",
    }),
  );
  return { found: items("findings"), likely: items("likely") };
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


def visible(case):
    """Return what Python says, as the page shows it."""
    judged = judge(case)
    return judged if judged == "refused" else {k: judged[k] for k in SHOWN}


def main(folder=ROOT / "docs/_build/html"):
    site = Path(folder).resolve()
    asked, errors = [], []
    with chromium() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((site / "reference/check-your-q-cluster.html").as_uri())
        wrong = [case for case in CASES if page.evaluate(READ, case) != visible(case)]
        calculated = expected_plan(page) == plan(TYPED, "orm")
        version = browser.version
    outside = [url for url in asked if not url.startswith(site.as_uri())]
    print(f"{len(CASES)} cases in Chromium {version}: {len(wrong)} differ")
    if wrong or errors or outside or not calculated:
        sys.exit(f"{wrong[:5]}\n{errors}\n{outside}\ncalculator agrees: {calculated}")
    figures = json.loads(FIGURES.read_text())
    figures["rows"][1] = seen_by_browser(f"Chromium {version}", len(CASES))
    figures |= {
        "cases": len(CASES),
        "browser": f"Chromium {version}",
        "tried": date.today().isoformat(),
    }
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
