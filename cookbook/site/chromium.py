"""How the site's scripts start Debian's chromium; CHROMIUM names another browser."""

import os
from contextlib import contextmanager


@contextmanager
def chromium():
    """Give a browser that asks for nothing but what it is sent to."""
    # Only `nox -s shots` installs it; a test reads the scripts without it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()
