"""A task module: each function, its retries and its options in one place.

A task is enqueued by its own method, with the arguments of the function:

>>> from django.contrib.auth import get_user_model
>>> from django_q.tasks import result_group
>>> from cookbook.recipes.retry_backoff.tasks import send_welcome
>>> users = get_user_model().objects
>>> user, _ = users.get_or_create(username="nour", email="nour@example.com")
>>> group = send_welcome.enqueue(user.pk)

Here no mail server answers, so the result of the first try says when the next one is
due:

>>> print(*result_group(group, wait=30_000))
try 1 of 5: ConnectionRefusedError(111, 'Connection refused'); next at ... UTC

It waits as a schedule, where the admin shows it:

>>> from django_q.models import Schedule
>>> Schedule.objects.get(name__contains=group).name
'retry ... 2'

A permanent error fails at once, as usual:

>>> group = send_welcome.enqueue(-1)
>>> print(*result_group(group, failures=True, wait=30_000))
User matching query does not exist. : Traceback...
"""

from smtplib import SMTPServerDisconnected

from django.contrib.auth import get_user_model
from django.core.mail import send_mail

from .retrying import retrying

TEMPORARY = (ConnectionError, TimeoutError, SMTPServerDisconnected)


@retrying(on=TEMPORARY, tries=5, base=10, most=3600, timeout=60)
def send_welcome(user_id: int) -> int:
    """Send the mail. Every other error, such as DoesNotExist, is permanent."""
    user = get_user_model().objects.get(pk=user_id)
    name = user.get_username()
    return send_mail("Welcome", f"Hello, {name}.", None, [user.email])
