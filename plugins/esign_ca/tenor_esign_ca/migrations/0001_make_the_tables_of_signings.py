"""make the tables of signings"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "esign_ca_book_entry",
        sa.Column(
            "name",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "content",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["base_file.id"],
            name=op.f("fk_esign_ca_book_entry_file_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_esign_ca_book_entry")),
        sa.UniqueConstraint("name", name=op.f("uq_esign_ca_book_entry_name")),
    )
    op.create_table(
        "esign_ca_signing",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "borrower",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "email",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column(
            "sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column(
            "provider",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "envelope",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "problem",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column(
            "signed_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "signed_sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
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
            name=op.f("fk_esign_ca_signing_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["documents_contract.id"],
            name=op.f("fk_esign_ca_signing_contract_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_esign_ca_signing_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"],
            ["base_user.id"],
            name=op.f("fk_esign_ca_signing_sent_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["signed_file_id"],
            ["base_file.id"],
            name=op.f("fk_esign_ca_signing_signed_file_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_esign_ca_signing_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_esign_ca_signing")),
        sa.UniqueConstraint("number", name=op.f("uq_esign_ca_signing_number")),
    )
    with op.batch_alter_table("esign_ca_signing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_esign_ca_signing_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_esign_ca_signing_contract_id"), ["contract_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_esign_ca_signing_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_esign_ca_signing_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_esign_ca_signing_unit_id_id"), ["unit_id", "id"], unique=False
        )

    op.create_table(
        "esign_ca_evidence_step",
        sa.Column(
            "signing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column(
            "event",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column(
            "hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["signing_id"],
            ["esign_ca_signing.id"],
            name=op.f("fk_esign_ca_evidence_step_signing_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_esign_ca_evidence_step")),
        sa.UniqueConstraint(
            "signing_id", "position", name=op.f("uq_esign_ca_evidence_step_signing_id_position")
        ),
    )
    with op.batch_alter_table("esign_ca_evidence_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_esign_ca_evidence_step_signing_id"), ["signing_id"], unique=False
        )

    op.create_table(
        "esign_ca_signature",
        sa.Column(
            "key",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "name",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "represented_by",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column(
            "code_seed",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("code_until", UtcTime(), nullable=True),
        sa.Column("code_tries", sa.BigInteger(), nullable=False),
        sa.Column("codes", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "intent_method",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "intent_reference",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("intent_at", UtcTime(), nullable=True),
        sa.Column("signed_at", UtcTime(), nullable=True),
        sa.Column(
            "certificate_serial",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "issuer",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["base_user.id"],
            name=op.f("fk_esign_ca_signature_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["esign_ca_signing.id"],
            name=op.f("fk_esign_ca_signature_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_esign_ca_signature")),
        sa.UniqueConstraint("parent_id", "key", name=op.f("uq_esign_ca_signature_parent_id_key")),
    )
    with op.batch_alter_table("esign_ca_signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_esign_ca_signature_parent_id"), ["parent_id"], unique=False
        )

    op.create_table(
        "esign_ca_verdict",
        sa.Column(
            "signing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "recorded",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "found",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column(
            "problem",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("chain_holds", sa.Boolean(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["base_user.id"], name=op.f("fk_esign_ca_verdict_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["signing_id"],
            ["esign_ca_signing.id"],
            name=op.f("fk_esign_ca_verdict_signing_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_esign_ca_verdict")),
    )
    with op.batch_alter_table("esign_ca_verdict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_esign_ca_verdict_signing_id"), ["signing_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("esign_ca_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_esign_ca_verdict_signing_id"))

    op.drop_table("esign_ca_verdict")
    with op.batch_alter_table("esign_ca_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_esign_ca_signature_parent_id"))

    op.drop_table("esign_ca_signature")
    with op.batch_alter_table("esign_ca_evidence_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_esign_ca_evidence_step_signing_id"))

    op.drop_table("esign_ca_evidence_step")
    with op.batch_alter_table("esign_ca_signing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_esign_ca_signing_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_esign_ca_signing_state"))
        batch_op.drop_index(batch_op.f("ix_esign_ca_signing_owner_id"))
        batch_op.drop_index(batch_op.f("ix_esign_ca_signing_contract_id"))
        batch_op.drop_index(batch_op.f("ix_esign_ca_signing_application_id"))

    op.drop_table("esign_ca_signing")
    op.drop_table("esign_ca_book_entry")
