"""Keep who decides what as versions"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "base_authority_version",
        sa.Column(
            "authority",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "purpose",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["base_user.id"],
            name=op.f("fk_base_authority_version_approved_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["base_user.id"],
            name=op.f("fk_base_authority_version_proposed_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["base_user.id"],
            name=op.f("fk_base_authority_version_published_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_authority_version")),
        sa.UniqueConstraint(
            "authority", "number", name=op.f("uq_base_authority_version_authority_number")
        ),
    )
    with op.batch_alter_table("base_authority_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_authority_version_effective_from"), ["effective_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_authority_version_state"), ["state"], unique=False
        )

    op.create_table(
        "base_authority_line",
        sa.Column(
            "position",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column(
            "among",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "limits",
            sa.String(length=1000).with_variant(
                sa.String(length=1000, collation="C"), "postgresql"
            ),
            nullable=False,
        ),
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
            ["base_authority_version.id"],
            name=op.f("fk_base_authority_line_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_authority_line")),
    )
    with op.batch_alter_table("base_authority_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_authority_line_parent_id"), ["parent_id"], unique=False
        )

    with op.batch_alter_table("base_vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("authority", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("base_vote", schema=None) as batch_op:
        batch_op.drop_column("authority")

    with op.batch_alter_table("base_authority_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_authority_line_parent_id"))

    op.drop_table("base_authority_line")
    with op.batch_alter_table("base_authority_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_authority_version_state"))
        batch_op.drop_index(batch_op.f("ix_base_authority_version_effective_from"))

    op.drop_table("base_authority_version")
