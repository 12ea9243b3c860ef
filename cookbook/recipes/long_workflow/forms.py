"""The form: a workflow, and inputs that every database can store."""

import json
from typing import Any

from django import forms

from .workflows import WORKFLOWS

DEEPEST = 100  # SQLite stores 1,000 levels; Python 3.13 reads more.


def depth(value: Any) -> int:
    """Return how deep the objects and lists of some JSON are nested."""
    parts = value.values() if isinstance(value, dict) else value
    nested = isinstance(value, dict | list)
    return 1 + max(map(depth, parts), default=0) if nested else 0


class InputsField(forms.JSONField):
    """A JSON object. An empty field means an empty object."""

    def to_python(self, value: Any) -> dict[str, Any]:
        try:
            inputs = super().to_python(value)
            text = json.dumps(inputs, allow_nan=False, ensure_ascii=False)
            text.encode()  # Fails for a lone surrogate.
            if depth(inputs) > DEEPEST:
                raise ValueError
        except (ValueError, RecursionError):
            raise forms.ValidationError("Enter JSON that can be stored.") from None
        if "\\u0000" in text.replace("\\\\", ""):
            raise forms.ValidationError("Enter JSON without NUL characters.")
        if not isinstance(inputs, dict | None):
            raise forms.ValidationError('Enter a JSON object, like {"pages": 2}.')
        return inputs or {}


class StartForm(forms.Form):
    workflow = forms.ChoiceField(choices=[(name, name) for name in WORKFLOWS])
    inputs = InputsField(required=False)
