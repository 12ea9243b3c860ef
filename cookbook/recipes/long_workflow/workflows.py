"""The workflows: coroutines that know nothing of a queue.

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


async def report(inputs, progress):
    """Write a report; every page waits for somebody else's service."""
    pages = inputs["pages"]
    if pages < 1:
        raise ValueError("a report needs at least one page")
    for page in range(1, pages + 1):
        await asyncio.sleep(inputs.get("seconds", 1))
        await progress(100 * page // pages)
    return {"pages": pages}


WORKFLOWS = {"report": report}
