"""A task module. `greet` is enqueued by its name or as a function, like every task.

>>> from django.contrib.auth import get_user_model
>>> from django_q.tasks import async_task, result
>>> from cookbook.recipes.async_tasks.tasks import greet
>>> users = get_user_model().objects
>>> names = ("ada", "grace")
>>> ids = [users.get_or_create(username=name)[0].pk for name in names]
>>> result(async_task(greet, ids), wait=30_000)
['Hello, ada', 'Hello, grace']
"""

import asyncio

from django.contrib.auth import get_user_model

from .bridge import async_to_task


@async_to_task
async def greet(user_ids: list[int]) -> list[str]:
    """Do at the same time what waits for other servers."""
    return await asyncio.gather(*map(greeting, user_ids))


async def greeting(user_id: int) -> str:
    user = await get_user_model().objects.aget(pk=user_id)
    await asyncio.sleep(0.1)  # In its place: `await client.post(...)`.
    return f"Hello, {user.get_username()}"
