"""Publish an article."""

from django_q.tasks import async_task

from .tasks import count_words


def publish(name):
    """Queue a task that counts the words of an article; return the id of the task."""
    return async_task(count_words, name)
