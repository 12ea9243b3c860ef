"""Photograph the tutorial's site, and a dashboard, in the admin: `nox -s shots`.

The site is the reader's own: a new project with the tutorial's files in it, a real
`qcluster`, a real `runserver`. Each picture is taken at the step of the tutorial
that it stands in, once in each colour scheme.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager

from django.core.management import call_command

from cookbook.catalogue import ROOT
from cookbook.harness import servers
from cookbook.harness.clusters import Cluster, shell
from cookbook.site.chromium import chromium

TUTORIAL = ROOT / "cookbook/start/tutorial"
IMAGES = ROOT / "docs/start/images"
DASHBOARD = ROOT / "cookbook/recipes/health_dashboard"
WIDTH, MARGIN = 1150, 16  # Of the window, and around what a picture shows: CSS pixels.
PASSWORD = "not-a-secret"


def lay_site(run, site):
    """Make the reader's project in `site`, up to the step where the cluster starts.

    Returns the environment in which its commands run.
    """
    call_command("startproject", "config", site)
    text = (TUTORIAL / "config/settings.py").read_text()
    with (site / "config/settings.py").open("a") as settings:
        settings.write(text[text.index("INSTALLED_APPS =") :])
    shutil.copytree(TUTORIAL / "news", site / "news")
    (site / "articles").mkdir()
    (site / ".venv").symlink_to(sys.prefix)  # A traceback names the reader's folder.
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "PYTHONPATH": str(site),
        "WORKSPACE": str(run),
    }
    ada = ["--no-input", "--username=ada", "--email=ada@example.com"]
    for command in ["migrate"], ["createsuperuser", *ada]:
        line = manage(site, *command, "--verbosity=0")
        subprocess.run(line, env=environment, check=True)
    return environment


def manage(site, *arguments):
    return [site / ".venv/bin/python", site / "manage.py", *arguments]


@contextmanager
def serve(site, environment):
    """Run the site on a free port and give the address of its admin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        manage(site, "runserver", str(port), "--noreload"),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers():
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", port)) == 0

    try:
        servers.wait_until(answers, 20, lambda: "runserver did not start")
        yield f"http://127.0.0.1:{port}/admin/"
    finally:
        server.terminate()
        server.wait()


LIST_OR_TASK = "#changelist-form, #content-main fieldset"


def photograph(page, name, images=IMAGES, below=LIST_OR_TASK):
    """Write the heading and what stands below it, in both schemes.

    The bars around them, and the filters, are the same in every admin.
    """
    from PIL import Image  # As for the browser: only `nox -s shots` installs it.

    page.mouse.move(0, 0)
    page.set_viewport_size({"width": WIDTH, "height": 600})
    # A list that is wider than the window would be cut off.
    hidden = page.evaluate(
        "(list => list ? list.scrollWidth - list.clientWidth : 0)"
        "(document.querySelector('.results'))"
    )
    page.set_viewport_size({"width": WIDTH + hidden, "height": 600})
    heading = page.locator("#content h1").bounding_box()
    body = page.locator(below).bounding_box()
    clip = {
        "x": body["x"] - MARGIN,
        "y": heading["y"] - MARGIN,
        "width": body["width"] + 2 * MARGIN,
        "height": body["y"] + body["height"] - heading["y"] + 2 * MARGIN,
    }
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("document.getAnimations().length == 0")  # It fades.
        png = page.screenshot(full_page=True, clip=clip)
        # The admin has few colours: a palette makes the file a third as large.
        small = Image.open(io.BytesIO(png)).convert("RGB")
        small = small.quantize(160, Image.Quantize.MAXCOVERAGE)
        small.save(images / f"{name}-{scheme}.png", optimize=True)


def await_true(environment, expression):
    """Wait until an expression about Django-Q2's models is true in the site."""
    servers.wait_until(
        lambda: shell(environment, PRINT.format(expression)) == "True",
        45,
        lambda: f"not true: {expression}",
    )


PRINT = "from django_q.models import *; print({})"
PUBLISH = "from news.articles import publish; publish({!r})"


def log_in(page, address):
    page.goto(address)
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.evaluate("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")


def take_pictures(page, address, site, environment):
    """Go through the tutorial, in a browser where it says so."""
    log_in(page, address)
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
    page.click("#result_list tbody th a")
    photograph(page, "failure")

    (site / "articles/second.txt").write_text("The second article has arrived.\n")
    page.goto(f"{address}django_q/failure/")
    page.check("#result_list .action-select")
    page.select_option("[name=action]", "resubmit_task")
    photograph(page, "failed")
    page.click(".actions [type=submit]")
    await_true(environment, "Success.objects.filter(result=5).count() == 1")
    await_true(environment, "Failure.objects.count() == 0")

    shell(environment, "from news import schedules; schedules.count_every_hour()")
    await_true(environment, "Success.objects.count() == 3")
    page.goto(f"{address}django_q/schedule/")
    photograph(page, "scheduled")


def add_dashboard(site, environment):
    """Add the dashboard to the site, and a cache in which it sees the cluster."""
    shutil.copytree(DASHBOARD, site / "health_dashboard")
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    caches = {"default": {"BACKEND": backend, "LOCATION": str(site / "cache")}}
    with (site / "config/settings.py").open("a") as settings:
        settings.write('\nINSTALLED_APPS.append("health_dashboard")\n')
        settings.write(f"CACHES = {caches}\n")
    migrate = manage(site, "migrate", "--verbosity=0")
    subprocess.run(migrate, env=environment, check=True)


def take_dashboard(browser, site, environment):
    """Photograph the dashboard with a failure, and a queue that nobody serves."""
    add_dashboard(site, environment)
    page = browser.new_page(device_scale_factor=1.5)
    sqrt = "from django_q.tasks import async_task; async_task('math.sqrt', {})"
    with Cluster(environment, manage(site)), serve(site, environment) as address:
        for argument in "-1", "2", "4, cluster='reports'", "9, cluster='reports'":
            shell(environment, sqrt.format(argument))
        await_true(environment, "Failure.objects.count() == 1")
        await_true(environment, "Success.objects.filter(func='math.sqrt').exists()")
        log_in(page, address)
        page.goto(f"{address}health_dashboard/health/")
        images = ROOT / "docs/recipes/images"
        images.mkdir(exist_ok=True)
        photograph(page, "dashboard", images, "#content-main")


def main():
    IMAGES.mkdir(exist_ok=True)
    run = servers.begin()
    site = run.with_name("news")  # A traceback names this folder.
    site.mkdir()
    try:
        environment = lay_site(run, site)
        with chromium() as browser, Cluster(environment, manage(site)):
            page = browser.new_page(device_scale_factor=1.5)
            with serve(site, environment) as address:
                take_pictures(page, address, site, environment)
        with chromium() as browser:
            take_dashboard(browser, site, environment)
    finally:
        servers.sweep(run)
        shutil.rmtree(site)


if __name__ == "__main__":
    main()
