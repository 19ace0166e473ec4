"""Say a verdict where there was a yes or no"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
TABLE = "site_checks_site_check"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("verdict", sa.String(length=64), nullable=False, server_default="doubtful")
        )
    checks = sa.table(TABLE, sa.column("sound", sa.Boolean()), sa.column("verdict", sa.String()))
    op.execute(checks.update().where(checks.c.sound).values(verdict="sound"))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_column("sound")
        batch_op.alter_column("verdict", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sound", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    checks = sa.table(TABLE, sa.column("sound", sa.Boolean()), sa.column("verdict", sa.String()))
    op.execute(checks.update().where(checks.c.verdict == "sound").values(sound=sa.true()))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_column("verdict")
        batch_op.alter_column("sound", server_default=None)
