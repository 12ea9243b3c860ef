from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("django_q", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Health",
            fields=[],
            options={
                "verbose_name": "Health of the queues",
                "verbose_name_plural": "Health of the queues",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("django_q.task",),
        ),
    ]
