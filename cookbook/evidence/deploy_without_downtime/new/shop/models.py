from django.db import models


class Order(models.Model):
    number = models.IntegerField()
    weight = models.IntegerField(default=0, db_default=0)

    def __str__(self):
        return f"order {self.number}, {self.weight} g"
