"""Correct a statement once"""

from alembic import op

revision = "0003"
down_revision = "0002"

INDEX = "ix_customers_financial_statement_supersedes_id"


def upgrade() -> None:
    op.drop_index(INDEX, "customers_financial_statement")
    op.create_index(INDEX, "customers_financial_statement", ["supersedes_id"], unique=True)


def downgrade() -> None:
    op.drop_index(INDEX, "customers_financial_statement")
    op.create_index(INDEX, "customers_financial_statement", ["supersedes_id"], unique=False)
