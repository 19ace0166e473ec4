"""Keep filters and columns of lists"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0033"
down_revision = "0032"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FILTER, _CHOICE = "base_saved_filter", "base_list_choice"
_NAMED = ("owner_id", "record", "name")
_CHOSEN = ("user_id", "record", "view")


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )
    return sa.Column(name, kind, nullable=False)


def _stamps(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _of_user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["base_user.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        _FILTER,
        sa.Column("owner_id", _ID, nullable=False),
        _text("record", 100),
        _text("name", 40),
        _text("query", 4000),
        sa.Column("shared", sa.Boolean(), nullable=False),
        *_stamps(_FILTER),
        _of_user(_FILTER, "owner_id"),
        sa.UniqueConstraint(*_NAMED, name=op.f(f"uq_{_FILTER}_{'_'.join(_NAMED)}")),
    )
    op.create_index(op.f(f"ix_{_FILTER}_owner_id"), _FILTER, ["owner_id"])
    op.create_index(op.f(f"ix_{_FILTER}_record_shared"), _FILTER, ["record", "shared"])
    op.create_table(
        _CHOICE,
        sa.Column("user_id", _ID, nullable=False),
        _text("record", 100),
        _text("view", 100),
        _text("columns", 4000),
        sa.Column("opens_id", sa.BigInteger(), nullable=True),
        *_stamps(_CHOICE),
        _of_user(_CHOICE, "user_id"),
        sa.UniqueConstraint(*_CHOSEN, name=op.f(f"uq_{_CHOICE}_{'_'.join(_CHOSEN)}")),
    )
    op.create_index(op.f(f"ix_{_CHOICE}_user_id"), _CHOICE, ["user_id"])


def downgrade() -> None:
    op.drop_table(_CHOICE)
    op.drop_table(_FILTER)
