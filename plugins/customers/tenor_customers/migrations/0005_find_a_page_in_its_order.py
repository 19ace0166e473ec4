"""Find a page of customers in its order"""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLE = "customers_customer"
SHOWN = ("name", "id", "credit_code", "archived")


def upgrade() -> None:
    for columns in (SHOWN, ("owner_id", *SHOWN)):
        op.create_index(_index(columns), TABLE, list(columns))


def downgrade() -> None:
    for columns in (("owner_id", *SHOWN), SHOWN):
        op.drop_index(_index(columns), TABLE)


def _index(columns: tuple[str, ...]) -> str:
    return f"ix_{TABLE}_{'_'.join(columns)}"
