"""Find a page of loans in an index"""

from alembic import op

revision = "0002"
down_revision = "0001"

INDEXES = {
    "ix_loans_loan_unit_id_number_state_archived_id": [
        "unit_id",
        "number",
        "state",
        "archived",
        "id",
    ],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "loans_loan", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "loans_loan")
