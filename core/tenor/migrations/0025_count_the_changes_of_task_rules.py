"""Count the changes of task rules with those of access: until the next, what is in force on a day holds."""

from alembic import op

revision = "0025"
down_revision = "0024"

TABLES = ("base_task_rule_version", "base_task_rule")
COUNT = "UPDATE base_access_epoch SET number = number + 1"


def upgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("INSERT", "UPDATE", "DELETE"):
                head = f"CREATE TRIGGER {table}_counts_{verb.lower()} AFTER {verb} ON {table}"
                op.execute(f"{head} BEGIN {COUNT}; END")
        else:
            op.execute(
                f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION base_count_access()"
            )


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_counts_{verb}")
        else:
            op.execute(f"DROP TRIGGER {table}_counts ON {table}")
