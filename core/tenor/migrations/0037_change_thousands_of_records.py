"""Change thousands of records at once"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0037"
down_revision = "0036"

_CHANGE, _ROW = "base_bulk_change", "base_bulk_row"
_STAMPS = ("version", "created_at", "created_by_id", "changed_at", "changed_by_id")
_DONE = "done"
_change = sa.table(
    _CHANGE,
    *map(sa.column, ("id", "state", "reached", "total", *_STAMPS)),
    *(sa.column(name, sa.JSON()) for name in ("ids", "refused")),
)
_row = sa.table(
    _ROW,
    *map(sa.column, ("change_id", "place", "record_id", "was", "name", "why", *_STAMPS)),
)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False, server_default=default)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        _ROW,
        *(_whole(name) for name in ("change_id", "place", "record_id")),
        _whole("was", nullable=True),
        *(_text(name) for name in ("name", "why")),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _whole("version"),
        sa.Column("created_at", UtcTime(), nullable=False),
        _whole("created_by_id", nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        _whole("changed_by_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_ROW}")),
        sa.UniqueConstraint("change_id", "place", name=op.f(f"uq_{_ROW}_change_id_place")),
    )
    op.create_index(op.f(f"ix_{_ROW}_record_id"), _ROW, ["record_id"])
    op.add_column(_CHANGE, _whole("job_id", nullable=True))
    op.add_column(_CHANGE, sa.Column("total", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column(_CHANGE, _text("problem", ""))
    _move_rows()
    for name in ("ids", "refused"):
        op.drop_column(_CHANGE, name)


def _move_rows() -> None:
    """Those that were refused, and those that are still to be tried, each to a row of its own."""
    connection = op.get_bind()
    for each in connection.execute(sa.select(_change)).all():
        places = {identity: place for place, identity in enumerate(each.ids, 1)}
        told = {identity: (name, why) for identity, name, why in each.refused}
        waiting = each.ids[each.reached :] if each.state != _DONE else []
        same = {
            "change_id": each.id,
            "was": None,
            **{name: getattr(each, name) for name in _STAMPS},
        }
        rows = [
            {**same, "record_id": identity, "place": places[identity], "name": name, "why": why}
            for identity, (name, why) in {**told, **dict.fromkeys(waiting, ("", ""))}.items()
        ]
        if rows:
            connection.execute(sa.insert(_row), rows)
        total = sa.update(_change).where(_change.c.id == each.id)
        connection.execute(total.values(total=len(each.ids)))


def downgrade() -> None:
    for name in ("ids", "refused"):
        empty = sa.Column(name, sa.JSON(), nullable=False, server_default="[]")
        op.add_column(_CHANGE, empty)
    for name in ("total", "problem", "job_id"):
        op.drop_column(_CHANGE, name)
    op.drop_table(_ROW)
