"""How the site's scripts start Debian's chromium; CHROMIUM names another browser."""

import os


def launch(playwright):
    """Return a browser that asks for nothing but what it is sent to."""
    return playwright.chromium.launch(
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
