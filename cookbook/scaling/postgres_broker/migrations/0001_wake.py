"""An index in the order of fetching, and a trigger that wakes the clusters."""

from django.db import migrations, router

ADD = [
    # What a build that was cut off has left cannot be used.
    "DROP INDEX CONCURRENTLY IF EXISTS postgres_broker_due",
    """
    CREATE INDEX CONCURRENTLY postgres_broker_due ON django_q_ormq (key, lock, id)
    """,
    """
    CREATE OR REPLACE FUNCTION postgres_broker_wake() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_notify('django_q_ormq', key)
        FROM (SELECT DISTINCT key FROM added) AS queues;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER postgres_broker_wake AFTER INSERT ON django_q_ormq
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION postgres_broker_wake()
    """,
]
REMOVE = [
    "DROP TRIGGER IF EXISTS postgres_broker_wake ON django_q_ormq",
    "DROP FUNCTION IF EXISTS postgres_broker_wake",
    "DROP INDEX CONCURRENTLY IF EXISTS postgres_broker_due",
]


def run(statements):
    def operation(apps, schema_editor):
        connection = schema_editor.connection
        queue = apps.get_model("django_q", "OrmQ")
        if connection.vendor == "postgresql" and router.allow_migrate_model(
            connection.alias, queue
        ):
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return operation


class Migration(migrations.Migration):
    atomic = False  # So that tasks can be enqueued while the index is built.

    dependencies = [("django_q", "0007_ormq")]

    operations = [migrations.RunPython(run(ADD), run(REMOVE))]
