"""Keep what was typed when a session ended, and who wants no letters as shortcuts"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0036"
down_revision = "0035"

_TABLE, _ONE = "base_draft", ("user_id", "path")


def upgrade() -> None:
    text = sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql")
    op.add_column("base_user", sa.Column("letters", sa.Boolean(), nullable=True))
    op.create_table(
        _TABLE,
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("path", text, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint(*_ONE, name=op.f(f"uq_{_TABLE}_{'_'.join(_ONE)}")),
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
    op.drop_column("base_user", "letters")
