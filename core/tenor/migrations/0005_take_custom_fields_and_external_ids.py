"""Take custom fields, whose changes the database counts, whichever way they come; and external ids."""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0005"
down_revision = "0004"

TABLES = ("base_custom_field", "base_custom_choice")
COUNT = "UPDATE base_custom_epoch SET number = number + 1"


def upgrade() -> None:
    op.create_table(
        "base_custom_epoch",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_custom_epoch")),
    )
    op.create_table(
        "base_custom_field",
        sa.Column(
            "label",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "label_en",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "record",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "key",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("searched", sa.Boolean(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column(
            "help",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "help_en",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_custom_field")),
        sa.UniqueConstraint("record", "key", name=op.f("uq_base_custom_field_record_key")),
    )
    op.create_table(
        "base_external_id",
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_external_id")),
        sa.UniqueConstraint(
            "table_name",
            "record_id",
            "source",
            name=op.f("uq_base_external_id_table_name_record_id_source"),
        ),
        sa.UniqueConstraint(
            "table_name",
            "source",
            "value",
            name=op.f("uq_base_external_id_table_name_source_value"),
        ),
    )
    op.create_table(
        "base_custom_choice",
        sa.Column(
            "value",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "label",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "label_en",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column(
            "parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["base_custom_field.id"],
            name=op.f("fk_base_custom_choice_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_custom_choice")),
        sa.UniqueConstraint(
            "parent_id", "value", name=op.f("uq_base_custom_choice_parent_id_value")
        ),
    )
    with op.batch_alter_table("base_custom_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_custom_choice_parent_id"), ["parent_id"], unique=False
        )
    op.execute(
        "INSERT INTO base_custom_epoch (id, number, version, created_at, changed_at)"
        " VALUES (1, 1, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
    )
    count_changes()


def count_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                head = f"CREATE TRIGGER {table}_counts_{verb.lower()} AFTER {verb} ON {table}"
                op.execute(f"{head} BEGIN {COUNT}; END")
        return
    op.execute(
        "CREATE FUNCTION base_count_custom() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {COUNT}; RETURN NULL; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION base_count_custom()"
        )


def downgrade() -> None:
    with op.batch_alter_table("base_custom_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_custom_choice_parent_id"))

    op.drop_table("base_custom_choice")
    op.drop_table("base_external_id")
    op.drop_table("base_custom_field")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION base_count_custom()")
    op.drop_table("base_custom_epoch")
