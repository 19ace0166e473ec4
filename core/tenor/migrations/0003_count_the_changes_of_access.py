"""Count the changes of people, units, positions and roles: until the next, what was read of a person holds.

The database counts, whichever way a change comes.
"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0003"
down_revision = "0002"

TABLES = ("base_unit", "base_user", "base_user_position", "base_user_role")
COUNT = "UPDATE base_access_epoch SET number = number + 1"


def upgrade() -> None:
    op.create_table(
        "base_access_epoch",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_access_epoch")),
    )
    op.execute(
        "INSERT INTO base_access_epoch (id, number, version, created_at, changed_at)"
        " VALUES (1, 1, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                head = f"CREATE TRIGGER {table}_counts_{verb.lower()} AFTER {verb} ON {table}"
                op.execute(f"{head} BEGIN {COUNT}; END")
        return
    op.execute(
        "CREATE FUNCTION base_count_access() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {COUNT}; RETURN NULL; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION base_count_access()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_counts_{verb}")
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_counts ON {table}")
        op.execute("DROP FUNCTION base_count_access()")
    op.drop_table("base_access_epoch")
