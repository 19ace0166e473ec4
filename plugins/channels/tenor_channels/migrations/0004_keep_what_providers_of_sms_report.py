"""Keep what providers of SMS report"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0004"
down_revision = "0003"

_NEWS = "channels_sms_news"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        _NEWS,
        _text("event", 100),
        _text("kind", 20),
        _text("key", 100),
        _text("mobile", 30),
        _text("words", 100),
        _text("problem", 500),
        sa.Column("happened_at", UtcTime(), nullable=False),
        sa.Column("applied_at", UtcTime(), nullable=True),
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_NEWS}")),
        sa.UniqueConstraint("event", name=op.f(f"uq_{_NEWS}_event")),
    )
    for column in ("key", "happened_at", "applied_at"):
        op.create_index(op.f(f"ix_{_NEWS}_{column}"), _NEWS, [column])
    for table in ("channels_sms", "channels_contact_notice"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("reported_at", UtcTime(), nullable=True))


def downgrade() -> None:
    for table in ("channels_contact_notice", "channels_sms"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("reported_at")
    op.drop_table(_NEWS)
