"""Photograph the tutorial's site in its admin: `nox -s shots`.

The site is the reader's own: a new project with the tutorial's files in it, a real
`qcluster`, a real `runserver`. Each picture is taken at the step of the tutorial
that it stands in, once in each colour scheme. CHROMIUM names another browser.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "cookbook.settings"

import django  # noqa: E402  It needs the path and the settings above.

django.setup()

from django.core.management import call_command  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from cookbook.harness import servers  # noqa: E402
from cookbook.harness.clusters import Cluster, shell  # noqa: E402

TUTORIAL = ROOT / "cookbook/start/tutorial"
IMAGES = ROOT / "docs/start/images"
BROWSER = {
    "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ],
}
USER = {"username": "ada", "password": "not-a-secret"}


def lay_site(environment):
    """Make the project as the tutorial has it at its step 4; return its environment."""
    site = Path(environment["WORKSPACE"]) / "site"
    site.mkdir()
    call_command("startproject", "config", site)
    shown = (TUTORIAL / "config/settings.py").read_text()
    with (site / "config/settings.py").open("a") as settings:
        settings.write(shown[shown.index("INSTALLED_APPS =") :])
    shutil.copytree(TUTORIAL / "news", site / "news")
    (site / "articles").mkdir()
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(site),
    }
    manage(environment, "migrate", "--verbosity=0")
    manage(
        environment | {"DJANGO_SUPERUSER_PASSWORD": USER["password"]},
        "createsuperuser", "--no-input", "--verbosity=0",
        f"--username={USER['username']}", "--email=ada@example.com",
    )  # fmt: skip
    return site, environment


def manage(environment, *arguments):
    subprocess.run(
        [sys.executable, servers.MANAGE, *arguments], env=environment, check=True
    )


@contextmanager
def serve(environment):
    """Run the site on a free port and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    server = subprocess.Popen(
        [sys.executable, servers.MANAGE, "runserver", f"{address[1]}", "--noreload"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        servers.wait_until(
            lambda: socket.socket().connect_ex(address) == 0,
            20,
            lambda: "runserver did not start",
        )
        yield f"http://127.0.0.1:{address[1]}/admin/"
    finally:
        server.terminate()
        server.wait()


def photograph(page, name):
    """Write what the page shows, without the empty space below it, as two PNGs."""
    page.mouse.move(0, 0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        content = page.locator("#content").bounding_box()
        png = page.screenshot(
            full_page=True,
            clip={
                "x": 0,
                "y": 0,
                "width": page.viewport_size["width"],
                "height": content["y"] + content["height"],
            },
        )
        # The admin has few colours: a palette makes the file a third as large.
        small = Image.open(io.BytesIO(png)).convert("RGB").quantize(64)
        small.save(IMAGES / f"{name}-{scheme}.png", optimize=True)


def await_true(environment, expression):
    servers.wait_until(
        lambda: shell(environment, PRINT.format(expression)) == "True",
        45,
        lambda: f"not true: {expression}",
    )


PRINT = "from django_q.models import *; print({})"
PUBLISH = "from news.articles import publish; publish({!r})"


def take_pictures(page, address, site, environment):
    """Go through the tutorial, in a browser where it says so."""
    page.goto(address)
    for field, value in USER.items():
        page.fill(f"#id_{field}", value)
    page.click("[type=submit]")

    (site / "articles/first.txt").write_text(
        "Django serves the page and Django-Q2 does the work.\n"
    )
    shell(environment, PUBLISH.format("first.txt"))
    await_true(environment, "Success.objects.count() == 1")
    page.goto(f"{address}django_q/success/")
    photograph(page, "successful")

    shell(environment, PUBLISH.format("second.txt"))
    await_true(environment, "Failure.objects.count() == 1")
    page.goto(f"{address}django_q/ormq/")
    photograph(page, "queued")

    await_true(environment, "Failure.objects.get().attempt_count == 2")
    page.goto(f"{address}django_q/failure/")
    photograph(page, "failed")
    page.click("#result_list th a")
    photograph(page, "failure")

    (site / "articles/second.txt").write_text("The second article has arrived.\n")
    page.goto(f"{address}django_q/failure/")
    page.check("#result_list .action-select")
    page.select_option("[name=action]", "resubmit_task")
    page.click(".actions [type=submit]")
    await_true(
        environment, "Success.objects.count() == 2 and not Failure.objects.count()"
    )

    shell(
        environment, "from news.schedules import count_every_hour; count_every_hour()"
    )
    await_true(environment, "Success.objects.count() == 3")
    page.goto(f"{address}django_q/schedule/")
    photograph(page, "scheduled")


def main():
    IMAGES.mkdir(exist_ok=True)
    run = servers.begin()
    try:
        with (
            servers.workspace({}) as environment,
            sync_playwright() as playwright,
        ):
            site, environment = lay_site(environment)
            browser = playwright.chromium.launch(**BROWSER)
            page = browser.new_page(
                viewport={"width": 1100, "height": 600}, device_scale_factor=1.5
            )
            with Cluster(environment), serve(environment) as address:
                take_pictures(page, address, site, environment)
            browser.close()
    finally:
        servers.sweep(run)


if __name__ == "__main__":
    main()
