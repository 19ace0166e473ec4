"""Let cases take more paths: back, taken back, side by side"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


CASE = "base_workflow_case"


def _one(table: Any, columns: list[str], *, make: bool) -> None:
    """That there is one row for these columns."""
    name = op.f(f"uq_{CASE}_{'_'.join(columns)}")
    if make:
        table.create_unique_constraint(name, columns)
    else:
        table.drop_constraint(name, type_="unique")


def upgrade() -> None:
    with op.batch_alter_table(CASE) as table:
        for name in ("straight_to", "branch"):
            table.add_column(sa.Column(name, sa.String(64), nullable=False, server_default=""))
        _one(table, ["table_name", "record_id"], make=False)
        _one(table, ["table_name", "record_id", "branch"], make=True)
    op.add_column(
        "base_workflow_step",
        sa.Column("kind", sa.String(20), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("base_workflow_step", "kind")
    case = sa.table(CASE, sa.column("id"), sa.column("branch"))
    inner = sa.select(case.c.id).where(case.c.branch != "")
    for name in ("base_task", "base_vote", "base_workflow_step"):
        table = sa.table(name, sa.column("case_id"))
        op.execute(sa.delete(table).where(table.c.case_id.in_(inner)))
    op.execute(sa.delete(case).where(case.c.branch != ""))
    with op.batch_alter_table(CASE) as table:
        _one(table, ["table_name", "record_id", "branch"], make=False)
        _one(table, ["table_name", "record_id"], make=True)
        table.drop_column("branch")
        table.drop_column("straight_to")
