"""Keep a journal of imports"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0010"
down_revision = "0009"


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    kind = sa.String(length=length)
    kind = kind.with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _stamps() -> list[sa.Column[object]]:
    made: list[sa.Column[object]] = [
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
    ]
    return made


def upgrade() -> None:
    op.create_table(
        "base_import",
        _text("record", 120),
        _text("file_name", 255),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        _whole("size"),
        _text("sha256", 64),
        _text("sheet", 100),
        _whole("header_row"),
        sa.Column("header", sa.JSON(), nullable=False),
        _text("header_hash", 64),
        sa.Column("mapping", sa.JSON(), nullable=False),
        _text("matched_by", 300),
        _text("state", 20),
        *(_whole(name) for name in ("reached", "rows", "made", "changed", "unchanged", "refused")),
        sa.Column("warnings", sa.JSON(), nullable=False),
        _text("problem"),
        sa.Column("finished_at", UtcTime(), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["base_file.id"],
            name=op.f("fk_base_import_file_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_import")),
    )
    for name in ("header_hash", "record", "sha256"):
        op.create_index(op.f(f"ix_base_import_{name}"), "base_import", [name])
    op.create_table(
        "base_refused_row",
        _whole("import_id"),
        _whole("row"),
        sa.Column("cells", sa.JSON(), nullable=False),
        _text("reasons"),
        *_stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_refused_row")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_base_refused_row_import_id_row")),
    )


def downgrade() -> None:
    op.drop_table("base_refused_row")
    for name in ("sha256", "record", "header_hash"):
        op.drop_index(op.f(f"ix_base_import_{name}"), table_name="base_import")
    op.drop_table("base_import")
