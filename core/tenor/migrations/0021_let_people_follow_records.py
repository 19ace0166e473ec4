"""Let people follow records"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0021"
down_revision = "0020"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "base_follower"
_UNIQUE = ("table_name", "record_id", "user_id")


def upgrade() -> None:
    name = sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql")
    op.create_table(
        _TABLE,
        sa.Column("table_name", name, nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_follower_user_id_base_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_follower")),
        sa.UniqueConstraint(*_UNIQUE, name=op.f(f"uq_{_TABLE}_{'_'.join(_UNIQUE)}")),
    )
    op.create_index(op.f("ix_base_follower_user_id"), _TABLE, ["user_id"])


def downgrade() -> None:
    op.drop_table(_TABLE)
