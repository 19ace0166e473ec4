"""Do jobs under mandates, and say of what they came"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0020"
down_revision = "0019"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )


def upgrade() -> None:
    op.create_table(
        "base_mandate",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("plugin", _text(100), nullable=False),
        sa.Column("purpose", _text(500), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_mandate_user_id_base_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_mandate")),
    )
    op.create_index(op.f("ix_base_mandate_user_id"), "base_mandate", ["user_id"])
    op.add_column("base_job", sa.Column("causes", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("base_job", sa.Column("mandate_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("base_job", "mandate_id")
    op.drop_column("base_job", "causes")
    op.drop_index(op.f("ix_base_mandate_user_id"), "base_mandate")
    op.drop_table("base_mandate")
