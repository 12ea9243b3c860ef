from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField(
            "Order", "weight", models.IntegerField(default=0, db_default=0)
        ),
    ]
