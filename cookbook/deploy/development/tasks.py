"""A task that is changed while the site runs."""


def pack(order):
    if order < 1:
        raise ValueError(f"no order {order}")
    return f"order {order} is packed"
