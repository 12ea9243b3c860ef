"""Write down arguments without what is secret, long or unknown."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string
from django.views.debug import SafeExceptionReporterFilter

# The names that Django hides on its error pages: "token", "password", "api_key" …
SECRET = SafeExceptionReporterFilter.hidden_settings
HIDDEN = "********"
LENGTH = 100  # Letters of a text, elements of a list, and bits of a number.
DEPTH = 5
WHOLE = 5000  # Letters of all arguments.


def describe(func: str | Callable, args: tuple, kwargs: dict[str, Any]) -> str:
    """Return the arguments as JSON: `{"order": 7, "card_token": "********"}`."""
    try:
        function = import_string(func) if isinstance(func, str) else func
        names = inspect.signature(function).bind_partial(*args, **kwargs).arguments
    except Exception:  # Then nobody knows their names. An import can raise anything.
        names = {f"argument {n}": type(value) for n, value in enumerate(args)} | kwargs
    text = json.dumps({name: redact(value, name) for name, value in names.items()})
    return text if len(text) <= WHOLE else f"{text[:WHOLE]}…"


def redact(value: object, name: object = "", depth: int = 0) -> object:
    """Return a value that JSON and every database can store, and that leaks little."""
    if SECRET.search(str(name)):
        return HIDDEN
    if depth == DEPTH:
        return "…"
    if isinstance(value, dict):
        pairs = list(value.items())[:LENGTH]
        return {str(key)[:LENGTH]: redact(v, key, depth + 1) for key, v in pairs}
    if isinstance(value, list | tuple):
        return [redact(each, name, depth + 1) for each in value[:LENGTH]]
    if isinstance(value, str):
        return value if len(value) <= LENGTH else f"{value[:LENGTH]}…"
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and value.bit_length() < LENGTH:
        return value
    return f"<{value.__name__ if isinstance(value, type) else type(value).__name__}>"
