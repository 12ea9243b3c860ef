"""What happens on Redis, which takes no part in the transaction.

The sign-up is rolled back, its task runs all the same:

>>> from django.db import transaction
>>> from django_q.brokers import get_broker
>>> from cookbook.recipes.enqueue_after_commit.on_redis import sign_up_slowly
>>> from cookbook.recipes.enqueue_after_commit.sign_up import User
>>> from django_q.tasks import result
>>> from cookbook.recipes.enqueue_after_commit.sign_up import sign_up_in_transaction
>>> with transaction.atomic():
...     ada = sign_up_in_transaction("ada")
...     transaction.set_rollback(True)
>>> result(f"welcome-{ada.pk}", wait=10_000)
'User matching query does not exist. : Traceback (most recent call last)...

The transaction is still open, and the worker has already looked for its row:

>>> sign_up_slowly("bob")
'the worker looked: False'
>>> User.objects.filter(username="bob").exists()
True

SQLite gives the number of the lost row to the next one, PostgreSQL does not.
There a late task would have welcomed the wrong person.

>>> from django.db import connection
>>> bob = User.objects.get(username="bob")
>>> (bob.pk == ada.pk) == (connection.vendor == "sqlite")
True

`on_commit` mends both:

>>> from cookbook.recipes.enqueue_after_commit.sign_up import sign_up_on_commit
>>> with transaction.atomic():
...     cleo = sign_up_on_commit("cleo")
...     waiting = get_broker().queue_size()
...     transaction.set_rollback(True)
>>> waiting, get_broker().queue_size()
(0, 0)
>>> dan = sign_up_on_commit("dan")
>>> result(f"welcome-{dan.pk}", wait=10_000)
'Welcome, dan'

Needs: redis.
"""

from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from .sign_up import User

Q_CLUSTER = {
    "name": "shop",
    "redis": "redis://localhost:6379/0",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
}


def look_for(pk):
    """A task that tells what it saw over Redis, because the database is still shut."""
    found = User.objects.filter(pk=pk).exists()
    get_broker().connection.rpush("looked", f"the worker looked: {found}")


@transaction.atomic
def sign_up_slowly(username):
    """Stay in the transaction until the worker has looked for the new row."""
    user = User.objects.create_user(username)
    async_task(look_for, user.pk)
    _, seen = get_broker().connection.blpop("looked", timeout=10)
    return seen.decode()
