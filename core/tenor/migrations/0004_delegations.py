"""Delegations, counted among the changes of access; and in whose place something was done: in the ledger, in duties, in
votes."""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0004"
down_revision = "0003"

COUNT = "UPDATE base_access_epoch SET number = number + 1"
BEHALF = ("base_ledger_entry", "base_duty", "base_vote")
SEARCHED = ("base_ledger_entry", "base_duty")


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def _text(name: str, length: int, **more: str) -> sa.Column[str]:
    kind = sa.String(length=length)
    kind = kind.with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "base_delegation",
        _id("giver_id"),
        _id("taker_id"),
        _text("positions", 1000),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        _text("reason", 500),
        sa.Column("ended_at", UtcTime(), nullable=True),
        _id("ended_by_id", nullable=True),
        _id("id"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name], ["base_user.id"], ondelete="RESTRICT",
                name=op.f(f"fk_base_delegation_{name}"),
            )
            for name in ("giver_id", "taker_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_delegation")),
    )  # fmt: skip
    for name in ("giver_id", "taker_id", "ended_by_id", "until"):
        op.create_index(op.f(f"ix_base_delegation_{name}"), "base_delegation", [name])
    for table in BEHALF:
        op.add_column(table, sa.Column("behalf_of_id", sa.BigInteger(), nullable=True))
    op.add_column("base_ledger_entry", _text("behalf_of_name", 100, server_default=""))
    for table in SEARCHED:
        op.create_index(op.f(f"ix_{table}_behalf_of_id"), table, ["behalf_of_id"])
    _count()


def _count() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE", "DELETE"):
            name = f"base_delegation_counts_{verb.lower()}"
            op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON base_delegation BEGIN {COUNT}; END")
        return
    op.execute(
        "CREATE TRIGGER base_delegation_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
        " ON base_delegation FOR EACH STATEMENT EXECUTE FUNCTION base_count_access()"
    )


def downgrade() -> None:
    op.drop_table("base_delegation")
    for table in SEARCHED:
        op.drop_index(op.f(f"ix_{table}_behalf_of_id"), table)
    op.drop_column("base_ledger_entry", "behalf_of_name")
    for table in BEHALF:
        op.drop_column(table, "behalf_of_id")
