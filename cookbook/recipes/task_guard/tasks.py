"""A task, the form of its arguments, and an error that says too much."""

from django import forms

from .guard import guard


class RefundForm(forms.Form):
    order = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=200)


@guard(RefundForm)
def refund(order: int, reason: str) -> str:
    if not order:
        raise ConnectionError("https://shop:hunter2@bank.example/ does not answer")
    return f"refunded {order}"
