"""Make a task of an async def function, and enqueue from async views."""
