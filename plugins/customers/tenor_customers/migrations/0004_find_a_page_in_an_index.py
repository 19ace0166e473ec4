"""Find a page of customers in an index"""

from alembic import op

revision = "0004"
down_revision = "0003"

INDEX = "ix_customers_customer_unit_id_name_credit_code_archived_id"


def upgrade() -> None:
    op.create_index(
        INDEX, "customers_customer", ["unit_id", "name", "credit_code", "archived", "id"]
    )


def downgrade() -> None:
    op.drop_index(INDEX, "customers_customer")
