"""Count failed sign-ins by login and address"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0007"
down_revision = "0006"

TABLE = "base_failed_sign_in"


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length=length)
    kind = kind.with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _table(*own: sa.Column[str] | sa.Column[object] | sa.UniqueConstraint) -> None:
    """Made anew: what it holds is of no use after ten minutes."""
    op.drop_table(TABLE)
    op.create_table(
        TABLE,
        _text("login", 100),
        *own,
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )


def upgrade() -> None:
    _table(
        _text("address", 64),
        sa.UniqueConstraint("login", "address", name=op.f(f"uq_{TABLE}_login_address")),
    )
    op.create_index(op.f(f"ix_{TABLE}_address"), TABLE, ["address"])


def downgrade() -> None:
    _table(
        sa.Column("locked_until", UtcTime(), nullable=True),
        sa.UniqueConstraint("login", name=op.f(f"uq_{TABLE}_login")),
    )
