"""Know who enqueues: the user of a request, or whom you name."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
Who = str | Callable[[], str]
acting: ContextVar[Who | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(who: Who) -> Iterator[None]:
    """Name whoever enqueues in this block: `with acting_as("import of orders")`."""
    before = acting.set(who)
    try:
        yield
    finally:
        acting.reset(before)


def current() -> str:
    """Return who acts; if nobody is named, the command, like `manage.py qcluster`."""
    who = acting.get() or " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    try:
        return who() if callable(who) else who
    except Exception:  # The session may be in a cache that is down.
        logger.exception("the audit trail cannot read who acts")
        return "unknown"


def record_user(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a task that a view enqueues belongs to the user of the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        def user() -> str:  # Only a view that enqueues asks for the user.
            me = request.user
            return f"user {me.pk}" if me.is_authenticated else "anonymous"

        with acting_as(user):
            return get_response(request)

    return middleware
