"""Create a row and enqueue a task that loads it.

In `python manage.py shell`, ask which broker and which database you use. Here both are
`default`:

>>> from django.contrib.auth import get_user_model
>>> from django.db import router
>>> from django_q.brokers import get_broker
>>> get_broker().info(), router.db_for_write(get_user_model())
('ORM default', 'default')

After a rollback there is neither a row nor a task, in both ways:

>>> from django.db import transaction
>>> from django_q.models import OrmQ
>>> from cookbook.recipes.enqueue_after_commit.sign_up import (
...     User, sign_up_in_transaction, sign_up_on_commit,
... )
>>> with transaction.atomic():
...     ada = sign_up_on_commit("ada")
...     bob = sign_up_in_transaction("bob")
...     transaction.set_rollback(True)
>>> User.objects.filter(username__in=["ada", "bob"]).count(), OrmQ.objects.count()
(0, 0)

After the commit both tasks run. `result` finds them by name, because with `on_commit`
you do not get the id of the task:

>>> from django.db import transaction
>>> from django_q.tasks import result
>>> from cookbook.recipes.enqueue_after_commit.sign_up import (
...     sign_up_in_transaction, sign_up_on_commit,
... )
>>> with transaction.atomic():
...     ada = sign_up_on_commit("ada")
...     bob = sign_up_in_transaction("bob")
>>> result(f"welcome-{ada.pk}", wait=10_000), result(f"welcome-{bob.pk}", wait=10_000)
('Welcome, ada', 'Welcome, bob')
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django_q.tasks import async_task

User = get_user_model()


def welcome(pk: int) -> str:
    """The task. It gets a primary key and loads the row itself."""
    return f"Welcome, {User.objects.get(pk=pk).get_username()}"


@transaction.atomic
def sign_up_on_commit(username: str) -> AbstractBaseUser:
    """Right with every broker: Django enqueues after the outermost commit."""
    user = User.objects.create_user(username)

    def enqueue() -> None:
        async_task(welcome, user.pk, task_name=f"welcome-{user.pk}")

    # Robust: where the broker does not answer, Django logs it and the caller goes on.
    transaction.on_commit(enqueue, robust=True)
    return user


@transaction.atomic
def sign_up_in_transaction(username: str) -> AbstractBaseUser:
    """Right only where the queue is a table of the same database."""
    user = User.objects.create_user(username)
    async_task(welcome, user.pk, task_name=f"welcome-{user.pk}")
    return user
