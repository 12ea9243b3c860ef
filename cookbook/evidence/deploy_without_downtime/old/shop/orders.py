from . import tasks
from .models import Order


def place(number):
    order = Order.objects.create(number=number)
    return tasks.pack(number), tasks.charge(number), tasks.label(order)
