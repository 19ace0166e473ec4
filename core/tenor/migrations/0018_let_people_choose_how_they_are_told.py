"""Let people choose how they are told"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "base_notice_default",
        sa.Column(
            "kind",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_notice_default")),
        sa.UniqueConstraint("kind", "channel", name=op.f("uq_base_notice_default_kind_channel")),
    )
    op.create_table(
        "base_bounced_address",
        sa.Column(
            "address",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reason",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_bounced_address_user_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_bounced_address")),
        sa.UniqueConstraint("address", name=op.f("uq_base_bounced_address_address")),
    )
    with op.batch_alter_table("base_bounced_address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_bounced_address_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "base_notice_choice",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_notice_choice_user_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_notice_choice")),
        sa.UniqueConstraint(
            "user_id", "kind", "channel", name=op.f("uq_base_notice_choice_user_id_kind_channel")
        ),
    )
    with op.batch_alter_table("base_notice_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_notice_choice_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "base_quiet_hours",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "starts",
            sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "ends",
            sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_quiet_hours_user_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_quiet_hours")),
    )
    with op.batch_alter_table("base_quiet_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_quiet_hours_user_id"), ["user_id"], unique=True)

    with op.batch_alter_table("base_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("within_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "error",
                sa.String(length=500).with_variant(
                    sa.String(length=500, collation="C"), "postgresql"
                ),
                nullable=False,
                server_default="",
            )
        )
        batch_op.create_index(
            batch_op.f("ix_base_mail_state_due_at"), ["state", "due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_base_mail_within_id"), ["within_id"], unique=False)

    with op.batch_alter_table("base_notice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.String(length=200).with_variant(
                    sa.String(length=200, collation="C"), "postgresql"
                ),
                nullable=False,
                server_default="",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("base_notice", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("base_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_mail_within_id"))
        batch_op.drop_index(batch_op.f("ix_base_mail_state_due_at"))
        batch_op.drop_column("error")
        batch_op.drop_column("within_id")
        batch_op.drop_column("due_at")

    with op.batch_alter_table("base_quiet_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_quiet_hours_user_id"))

    op.drop_table("base_quiet_hours")
    with op.batch_alter_table("base_notice_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_notice_choice_user_id"))

    op.drop_table("base_notice_choice")
    with op.batch_alter_table("base_bounced_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_bounced_address_user_id"))

    op.drop_table("base_bounced_address")
    op.drop_table("base_notice_default")
