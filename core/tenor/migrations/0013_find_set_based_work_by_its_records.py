"""Find set-based work by its records"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TABLE = "base_ledger_entry"
INDEXES = (["table_name", "record_id"], ["table_name", "last_id", "first_id"])
#: what the first of those makes needless
OLDER = ("table_name", "record_id")
_IDS = {
    "sqlite": "json_each(changes, '$.ids[1]') AS each",
    "postgresql": "json_array_elements_text(changes #> '{ids,1}') AS each (value)",
}
_FILL = """
UPDATE base_ledger_entry SET
    first_id = (SELECT min(CAST(each.value AS BIGINT)) FROM {ids}),
    last_id = (SELECT max(CAST(each.value AS BIGINT)) FROM {ids})
WHERE kind LIKE 'bulk-%'
"""


def _name(columns: list[str]) -> str:
    return str(op.f(f"ix_{TABLE}_{'_'.join(columns)}"))


def upgrade() -> None:
    for name in ("first_id", "last_id"):
        op.add_column(TABLE, sa.Column(name, sa.BigInteger(), nullable=True))
    dialect = op.get_bind().dialect.name
    sqlite = dialect == "sqlite"
    off = (
        f"DROP TRIGGER {TABLE}_no_update" if sqlite else f"ALTER TABLE {TABLE} DISABLE TRIGGER USER"
    )
    on = (
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        if sqlite
        else f"ALTER TABLE {TABLE} ENABLE TRIGGER USER"
    )
    op.execute(off)
    op.execute(_FILL.format(ids=_IDS[dialect]))
    op.execute(on)
    for columns in INDEXES:
        op.create_index(_name(columns), TABLE, columns)
    for column in OLDER:
        op.drop_index(_name([column]), TABLE)


def downgrade() -> None:
    for column in OLDER:
        op.create_index(_name([column]), TABLE, [column])
    for columns in INDEXES:
        op.drop_index(_name(columns), TABLE)
    op.drop_column(TABLE, "last_id")
    op.drop_column(TABLE, "first_id")
