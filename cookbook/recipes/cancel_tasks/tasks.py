"""A task that can be cancelled between two pages, and until its file is there."""

import time

from .running import cancellable, check, finalize


@cancellable
def export(pages: int) -> str:
    """Make an export, a second for each page."""
    for _ in range(pages):
        check()
        time.sleep(1)  # Your own work.
    finalize()  # From here on `cancel()` returns "too late".
    return f"export of {pages} pages"
