"""The form: a workflow, and inputs that every database can store."""

import json
from typing import Any

from django import forms

from .workflows import WORKFLOWS


class InputsField(forms.JSONField):
    """A JSON object. An empty field means an empty object."""

    def to_python(self, value: Any) -> dict[str, Any]:
        try:
            inputs = super().to_python(value)
            text = json.dumps(inputs, allow_nan=False, ensure_ascii=False)
            text.encode()  # Fails for a lone surrogate.
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
