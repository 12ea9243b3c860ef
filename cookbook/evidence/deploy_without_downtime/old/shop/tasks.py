def pack(number):
    return f"{number} packed"


def charge(number):
    return f"{number} charged"


def label(order):
    return f"label for {order}"
