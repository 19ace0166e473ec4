"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "site_checks_customer_check",
        sa.Column("checks", sa.BigInteger(), nullable=False),
        sa.Column("last_checked_on", sa.Date(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"],
            ["customers_customer.id"],
            name=op.f("fk_site_checks_customer_check_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_checks_customer_check")),
    )
    op.create_table(
        "site_checks_site_check",
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column(
            "finding",
            sa.String(length=2000).with_variant(
                sa.String(length=2000, collation="C"), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers_customer.id"],
            name=op.f("fk_site_checks_site_check_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_site_checks_site_check_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_site_checks_site_check_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_checks_site_check")),
    )
    with op.batch_alter_table("site_checks_site_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_site_checks_site_check_checked_on"), ["checked_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_site_checks_site_check_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_site_checks_site_check_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_site_checks_site_check_unit_id_id"), ["unit_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("site_checks_site_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_checks_site_check_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_site_checks_site_check_owner_id"))
        batch_op.drop_index(batch_op.f("ix_site_checks_site_check_customer_id"))
        batch_op.drop_index(batch_op.f("ix_site_checks_site_check_checked_on"))

    op.drop_table("site_checks_site_check")
    op.drop_table("site_checks_customer_check")
