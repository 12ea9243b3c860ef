"""The id of the request that is being answered, or that sent this task."""

import logging
import re
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdFilter(logging.Filter):
    """Give every line the field `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def begin_request(
    environ: dict[str, Any] | None = None,
    scope: dict[str, Any] | None = None,
    **_: object,
) -> None:
    """Receive `request_started`: take the id that a proxy sent, or make one."""
    headers = dict((scope or {}).get("headers", []))
    value = headers.get(b"x-request-id", b"").decode("latin-1")
    value = value or (environ or {}).get("HTTP_X_REQUEST_ID", "")
    # Anybody can send this header: only what cannot break a log is taken.
    is_plain = re.fullmatch(r"[\w.-]{1,64}", value, re.ASCII)
    request_id.set(value if is_plain else uuid4().hex)
