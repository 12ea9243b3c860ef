from .models import Order


def pack_order(number):
    return f"{number} packed"


pack = pack_order  # The queue may hold the old name until the next release.


def charge(number, currency="EUR"):
    return f"{number} charged in {currency}"


def label(order):
    """Take the key of an order; an older release still sends the order itself."""
    return f"label for {Order.objects.get(pk=getattr(order, 'pk', order))}"
