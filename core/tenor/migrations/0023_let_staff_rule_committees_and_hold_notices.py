"""Let staff say how committees decide, and hold notices for the digests of channels"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0023"
down_revision = "0022"

TABLE = "base_committee_version"
HELD = "base_held_notice"


def _id(name: str, *, nullable: bool = True) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def _text(name: str, length: int | None) -> sa.Column[str]:
    kind = sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )
    return sa.Column(name, kind, nullable=False)


def _common() -> list[sa.Column[object]]:
    return [
        _id("id", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
    ]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        TABLE,
        _text("committee", 300),
        _text("quorum", 20),
        _text("share", 20),
        _text("veto", 100),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        _text("purpose", None),
        sa.Column("state", sa.String(length=64), nullable=False),
        _id("proposed_by_id"),
        _id("published_by_id"),
        sa.Column("published_on", sa.Date(), nullable=True),
        *_common(),
        _refers(TABLE, "proposed_by_id", "base_user"),
        _refers(TABLE, "published_by_id", "base_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("committee", "number", name=op.f(f"uq_{TABLE}_committee_number")),
    )
    op.create_index(op.f(f"ix_{TABLE}_effective_from"), TABLE, ["effective_from"])
    op.create_index(op.f(f"ix_{TABLE}_state"), TABLE, ["state"])
    with op.batch_alter_table("base_workflow_case") as batch:
        batch.add_column(sa.Column("held_up_at", UtcTime(), nullable=True))

    op.create_table(
        HELD,
        _id("notice_id", nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _text("channel", 100),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("digest_id", sa.BigInteger(), nullable=True),
        *_common(),
        _refers(HELD, "notice_id", "base_notice"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{HELD}")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f(f"uq_{HELD}_notice_id_channel")),
    )
    op.create_index(op.f(f"ix_{HELD}_notice_id"), HELD, ["notice_id"])
    op.create_index(op.f(f"ix_{HELD}_digest_id_due_at"), HELD, ["digest_id", "due_at"])


def downgrade() -> None:
    op.drop_table(HELD)
    with op.batch_alter_table("base_workflow_case") as batch:
        batch.drop_column("held_up_at")
    op.drop_table(TABLE)
