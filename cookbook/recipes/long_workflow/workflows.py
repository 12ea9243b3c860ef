"""The workflows: async functions that report their progress.

>>> import asyncio
>>> from cookbook.recipes.long_workflow.workflows import report
>>> async def show(percent):
...     print(percent, "%")
>>> asyncio.run(report({"pages": 2, "seconds": 0}, show))
50 %
100 %
{'pages': 2}
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

JSON = dict[str, Any]
Progress = Callable[[int], Awaitable[None]]


async def report(inputs: JSON, progress: Progress) -> JSON:
    """Write a report; for each page it waits for another service."""
    pages = inputs["pages"]
    if pages < 1:
        raise ValueError("a report needs at least one page")
    for page in range(1, pages + 1):
        await asyncio.sleep(inputs.get("seconds", 1))
        await progress(100 * page // pages)
    return {"pages": pages}


WORKFLOWS = {"report": report}
