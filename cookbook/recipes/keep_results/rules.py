"""Say how long to keep which results. Write your own rules here.

Fields of `Task`: success, group, func, name, cluster, attempt_count.
"""

from datetime import datetime, timedelta

from django.db.models import Q

# The first rule that matches a result decides. None keeps it for ever.
KEEP: dict[str, tuple[Q, timedelta | None]] = {
    "invoices": (Q(group="invoices"), None),
    "failures": (Q(success=False), timedelta(days=90)),
    "imports": (Q(func__startswith="shop.imports."), timedelta(days=30)),
    "others": (Q(), timedelta(days=7)),
}


def split() -> dict[str, tuple[Q, timedelta | None]]:
    """Return each rule with a condition that no rule before it matches."""
    rules, rest = {}, Q()
    for name, (which, age) in KEEP.items():
        rules[name] = (rest & which, age)
        if not which:  # It matches every result, and ~Q() would too.
            break
        rest &= ~which
    return rules


def expired(now: datetime) -> Q:
    """Return the condition of the results that may be deleted."""
    condition = Q(pk__in=[])
    for which, age in split().values():
        if age is not None:
            condition |= which & Q(stopped__lt=now - age)
    return condition
