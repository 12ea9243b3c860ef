"""What the news site does when an editor asks for it."""

from django_q.tasks import async_task

from .tasks import count_words


def publish(name):
    """Queue the count of the article `name` and return the id of the task."""
    return async_task(count_words, name)
