"""Make the postings their own ledger"""

from alembic import op

from tenor_sdk.journals import make_journal, unmake_journal

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    make_journal(op, "loans_posting")


def downgrade() -> None:
    unmake_journal(op, "loans_posting")
