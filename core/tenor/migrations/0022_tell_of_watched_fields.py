"""Keep of which changes of fields plugins hear, counted with the changes of access"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0022"
down_revision = "0021"

TABLE = "base_watch"
COUNT = "UPDATE base_access_epoch SET number = number + 1"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("plugin", _text(100), nullable=False),
        sa.Column("key", _text(100), nullable=False),
        sa.Column("kind", _text(200), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("table_name", _text(100), nullable=False),
        sa.Column("stands_as", _text(200), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_watch")),
        sa.UniqueConstraint("plugin", "key", name=op.f("uq_base_watch_plugin_key")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE", "DELETE"):
            head = f"CREATE TRIGGER {TABLE}_counts_{verb.lower()} AFTER {verb} ON {TABLE}"
            op.execute(f"{head} BEGIN {COUNT}; END")
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
        " FOR EACH STATEMENT EXECUTE FUNCTION base_count_access()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
