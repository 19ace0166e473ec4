"""Let staff say who gets tasks"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0019"
down_revision = "0018"

_TASK = "base_task"


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
    with op.batch_alter_table(_TASK) as batch:
        batch.add_column(sa.Column("handed_by_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("snoozed_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("offered_at", UtcTime(), nullable=True))
        batch.add_column(sa.Column("rules_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("basis", sa.JSON(none_as_null=True), nullable=True))
        batch.create_index(batch.f("ix_base_task_handed_by_id"), ["handed_by_id"])

    skill = "base_user_skill"
    op.create_table(
        skill,
        _id("user_id", nullable=False),
        _text("skill", 100),
        *_common(),
        _refers(skill, "user_id", "base_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{skill}")),
        sa.UniqueConstraint("user_id", "skill", name=op.f(f"uq_{skill}_user_id_skill")),
    )
    op.create_index(op.f(f"ix_{skill}_skill"), skill, ["skill"])
    op.create_index(op.f(f"ix_{skill}_user_id"), skill, ["user_id"])

    version = "base_task_rule_version"
    op.create_table(
        version,
        _text("workflow", 200),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        _text("purpose", None),
        sa.Column("state", sa.String(length=64), nullable=False),
        _id("proposed_by_id"),
        _id("published_by_id"),
        sa.Column("published_on", sa.Date(), nullable=True),
        *_common(),
        _refers(version, "proposed_by_id", "base_user"),
        _refers(version, "published_by_id", "base_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{version}")),
        sa.UniqueConstraint("workflow", "number", name=op.f(f"uq_{version}_workflow_number")),
    )
    op.create_index(op.f(f"ix_{version}_effective_from"), version, ["effective_from"])
    op.create_index(op.f(f"ix_{version}_state"), version, ["state"])

    rule = "base_task_rule"
    op.create_table(
        rule,
        _text("stage", 64),
        _text("position", 100),
        sa.Column("anywhere", sa.Boolean(), nullable=False),
        _text("way", 20),
        _text("owner_of", 100),
        _text("skill_of", 200),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("working_days", sa.BigInteger(), nullable=True),
        sa.Column("remind", sa.Boolean(), nullable=False),
        _text("escalate_to", 100),
        _id("parent_id", nullable=False),
        *_common(),
        _refers(rule, "parent_id", version),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{rule}")),
    )
    op.create_index(op.f(f"ix_{rule}_parent_id"), rule, ["parent_id"])


def downgrade() -> None:
    for table in ("base_task_rule", "base_task_rule_version", "base_user_skill"):
        op.drop_table(table)
    with op.batch_alter_table(_TASK) as batch:
        batch.drop_index(batch.f("ix_base_task_handed_by_id"))
        for column in ("basis", "rules_id", "offered_at", "snoozed_until", "handed_by_id"):
            batch.drop_column(column)
