from django.db import models


class Order(models.Model):
    number = models.IntegerField()
    shelf = models.IntegerField(null=True)

    def __str__(self):
        return f"order {self.number}"
