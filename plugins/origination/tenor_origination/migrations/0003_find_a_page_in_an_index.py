"""Find a page of applications in an index"""

from alembic import op

revision = "0003"
down_revision = "0002"

INDEXES = {
    "ix_origination_application_unit_id_created_at_state_archived_id": [
        "unit_id",
        "created_at",
        "state",
        "archived",
        "id",
    ],
    "ix_origination_application_state_queue_rank_unit_id_archived_id": [
        "state",
        "queue_rank",
        "unit_id",
        "archived",
        "id",
    ],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "origination_application", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "origination_application")
