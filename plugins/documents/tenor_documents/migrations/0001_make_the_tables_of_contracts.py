"""make the tables of contracts"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import AmountType, RateType, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "documents_contract_template",
        sa.Column(
            "name",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents_contract_template")),
        sa.UniqueConstraint(
            "name", "edition", name=op.f("uq_documents_contract_template_name_edition")
        ),
    )
    op.create_table(
        "documents_contract",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "borrower",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("amount", AmountType(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("rate", RateType(), nullable=False),
        sa.Column("repayment", sa.String(length=64), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column(
            "terms_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "data_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "signed_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "signed_sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("signed_how", sa.String(length=64), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["origination_application.id"],
            name=op.f("fk_documents_contract_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers_customer.id"],
            name=op.f("fk_documents_contract_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["base_file.id"],
            name=op.f("fk_documents_contract_file_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_documents_contract_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["signed_file_id"],
            ["base_file.id"],
            name=op.f("fk_documents_contract_signed_file_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["documents_contract_template.id"],
            name=op.f("fk_documents_contract_template_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_documents_contract_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_documents_contract_number")),
    )
    with op.batch_alter_table("documents_contract", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_documents_contract_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_documents_contract_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_documents_contract_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_documents_contract_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_documents_contract_template_id"), ["template_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_documents_contract_unit_id_id"), ["unit_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("documents_contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_contract_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_documents_contract_template_id"))
        batch_op.drop_index(batch_op.f("ix_documents_contract_state"))
        batch_op.drop_index(batch_op.f("ix_documents_contract_owner_id"))
        batch_op.drop_index(batch_op.f("ix_documents_contract_customer_id"))
        batch_op.drop_index(batch_op.f("ix_documents_contract_application_id"))

    op.drop_table("documents_contract")
    op.drop_table("documents_contract_template")
