"""let rules look at times of the day, on days of the week and of the month, and hours or working days after a date"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NAMES = (
    "counted_in", "minutes", "from_time", "to_time", "weekdays", "month_day", "last_working_day", "working_days_only",
)  # fmt: skip


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(
        sa.String(length=length, collation="C"), "postgresql"
    )


def upgrade() -> None:
    given = {
        "counted_in": (sa.String(length=64), "days"),
        "minutes": (sa.BigInteger(), "60"),
        "from_time": (_text(5), "09:00"),
        "to_time": (_text(5), "18:00"),
        "weekdays": (_text(40), ""),
        "month_day": (sa.BigInteger(), "1"),
        "last_working_day": (sa.Boolean(), sa.false()),
        "working_days_only": (sa.Boolean(), sa.false()),
    }
    for name, (kind, value) in given.items():
        column = sa.Column(name, kind, nullable=False, server_default=value)
        op.add_column("automation_rule", column)


def downgrade() -> None:
    for name in reversed(_NAMES):
        op.drop_column("automation_rule", name)
