"""A task that is changed while the site runs.

>>> pack(7)
'order 7 is packed'
"""


def pack(order):
    if order < 1:
        raise ValueError(f"no order {order}")
    return f"order {order} is packed"
