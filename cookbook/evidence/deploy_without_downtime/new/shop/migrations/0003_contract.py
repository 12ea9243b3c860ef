from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_expand")]
    operations = [migrations.RemoveField("Order", "shelf")]
