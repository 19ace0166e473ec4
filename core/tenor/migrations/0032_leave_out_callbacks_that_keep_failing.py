"""Keep which callbacks are left out; the changes of these rows are counted with those of access"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0032"
down_revision = "0031"

TABLE = "base_breaker"
COUNT = "UPDATE base_access_epoch SET number = number + 1"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(length: int | None = None) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("plugin", _text(100), nullable=False),
        sa.Column("kind", _text(20), nullable=False),
        sa.Column("name", _text(300), nullable=False),
        sa.Column("plugin_version", _text(64), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("error", _text(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_breaker")),
        sa.UniqueConstraint(
            "plugin", "kind", "name", name=op.f("uq_base_breaker_plugin_kind_name")
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE", "DELETE"):
            head = f"CREATE TRIGGER {TABLE}_counts_{verb.lower()} AFTER {verb} ON {TABLE}"
            op.execute(f"{head} BEGIN {COUNT}; END")
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
            " FOR EACH STATEMENT EXECUTE FUNCTION base_count_access()"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
