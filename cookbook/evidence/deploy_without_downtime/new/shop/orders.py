from . import tasks
from .models import Order


def place(number):
    order = Order.objects.create(number=number)
    packed, charged = tasks.pack_order(number), tasks.charge(number, "EUR")
    return packed, charged, tasks.label(order.pk)
