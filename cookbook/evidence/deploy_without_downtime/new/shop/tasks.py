from .models import Order


def pack_order(number):
    return f"{number} packed"


def charge(number, currency):
    return f"{number} charged in {currency}"


def label(order):
    return f"label for {Order.objects.get(pk=order)}"
