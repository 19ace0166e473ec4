"""Keep search keys

The keys of records stand in a table of their own; beside them, under a name that is no plugin's, the index that each
database has for words. A SQLite that was built without FTS5 has none: then keys are compared one by one.
"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0008"
down_revision = "0007"

KEYS = "base_search_key"
INDEX = "tenor_search"
_DROP = "INSERT INTO tenor_search(tenor_search, rowid, document) VALUES ('delete', old.id, old.document);"
_ADD = "INSERT INTO tenor_search(rowid, document) VALUES (new.id, new.document);"
#: its cost keeps the planner from computing it row by row instead of asking the index
WORDS = f"""
CREATE FUNCTION {INDEX}_words(document text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT COST 10000 AS
$$ BEGIN RETURN array_to_tsvector(string_to_array(btrim(document), ' ')); END $$
"""
TRIGGERS = {"INSERT": _ADD, "UPDATE": f"{_DROP} {_ADD}", "DELETE": _DROP}


def upgrade() -> None:
    op.create_table(
        KEYS,
        sa.Column(
            "document",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        *_of_every_record(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_search_key")),
    )
    op.create_table(
        "base_search_state",
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "fields",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        *_of_every_record(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_search_state")),
        sa.UniqueConstraint("table_name", name=op.f("uq_base_search_state_table_name")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(WORDS)
        op.execute(f"CREATE INDEX {INDEX} ON {KEYS} USING gin ({INDEX}_words(document))")
    elif _has_fts5():
        # our keys hold no blanks; marks of ours are parts of them, and six or seven of them stand before the letters of
        # which somebody types the first
        op.execute(
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5(document, content='{KEYS}', content_rowid='id',"
            " detail=none, columnsize=0, prefix='9 10 11', tokenize=\"ascii tokenchars '=:<'\")"
        )
        for verb, body in TRIGGERS.items():
            op.execute(
                f"CREATE TRIGGER {KEYS}_{verb.lower()} AFTER {verb} ON {KEYS} BEGIN {body} END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE IF EXISTS {INDEX}")
    op.drop_table("base_search_state")
    op.drop_table(KEYS)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {INDEX}_words(text)")


def _of_every_record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
    ]


def _has_fts5() -> bool:
    found = op.get_bind().exec_driver_sql("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
    return bool(found.scalar())
