"""A receiver, and a hook. With `sync=True` both run in this process.

>>> from django.dispatch import receiver
>>> from django_q.signals import post_execute
>>> from django_q.tasks import async_task
>>> @receiver(post_execute)
... def report(sender, task, **kwargs):
...     print("receiver:", task["name"], task["success"], task["result"])
>>> task = async_task(abs, -1, task_name="sum", hook="builtins.print", sync=True)
sum
receiver: sum True 1
"""
