"""Let staff say when whom is reminded of a task"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0026"
down_revision = "0025"

_TASK, _RULE, _REMINDER = "base_task", "base_task_rule", "base_task_reminder"
#: what a rule said until now by yes or no
_HALF = """
    INSERT INTO base_task_reminder
        (stage, way, amount, whom, parent_id, version, created_at, created_by_id, changed_at, changed_by_id)
    SELECT stage, 'share', 50, 'person', parent_id, version, created_at, created_by_id, changed_at, changed_by_id
    FROM base_task_rule WHERE remind AND working_days IS NOT NULL ORDER BY id
"""
_REMINDS = """
    UPDATE base_task_rule SET remind = EXISTS (
        SELECT 1 FROM base_task_reminder AS one
        WHERE one.parent_id = base_task_rule.parent_id AND one.stage = base_task_rule.stage)
"""


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        _REMINDER,
        _text("stage", 64),
        _text("way", 20),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _text("whom", 20),
        _id("parent_id"),
        _id("id"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["base_task_rule_version.id"],
            name=op.f(f"fk_{_REMINDER}_parent_id"), ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_REMINDER}")),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{_REMINDER}_parent_id"), _REMINDER, ["parent_id"])
    op.execute(_HALF)
    with op.batch_alter_table(_RULE) as batch:
        batch.drop_column("remind")
    with op.batch_alter_table(_TASK) as batch:
        batch.add_column(sa.Column("reminders", sa.JSON(none_as_null=True), nullable=True))
    # the only one of these was told: none is next
    op.execute("UPDATE base_task SET remind_at = NULL WHERE reminded_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table(_TASK) as batch:
        batch.drop_column("reminders")
    with op.batch_alter_table(_RULE) as batch:
        batch.add_column(
            sa.Column("remind", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(_REMINDS)
    with op.batch_alter_table(_RULE) as batch:
        batch.alter_column("remind", server_default=None)
    op.drop_table(_REMINDER)
