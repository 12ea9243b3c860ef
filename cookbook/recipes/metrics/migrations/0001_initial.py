from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list = []

    operations = [
        migrations.CreateModel(
            name="Finished",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("func", models.CharField(max_length=256)),
                ("outcome", models.CharField(max_length=7)),
                ("wait_limit", models.FloatField()),
                ("run_limit", models.FloatField()),
                ("tasks", models.PositiveBigIntegerField(default=0)),
                ("waited", models.FloatField(default=0)),
                ("runtime", models.FloatField(default=0)),
            ],
            options={
                "unique_together": {("func", "outcome", "wait_limit", "run_limit")},
            },
        ),
    ]
