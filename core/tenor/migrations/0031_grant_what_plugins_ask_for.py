"""Grant what plugins ask for; those that run already keep what they asked for until now"""

import sqlalchemy as sa
from alembic import op

from tenor.loader.manifest import find

revision = "0031"
down_revision = "0028"

TABLE = "base_plugin_state"
_WORDS = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        for name in ("granted", "denied"):
            batch.add_column(sa.Column(name, _WORDS, nullable=True))
    state = sa.table(TABLE, sa.column("name"), sa.column("granted"))
    for name, manifest in find()[0].items():
        asked = " ".join(sorted(manifest.stated.asks))
        op.execute(state.update().where(state.c.name == name).values(granted=asked))


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        for name in ("denied", "granted"):
            batch.drop_column(name)
