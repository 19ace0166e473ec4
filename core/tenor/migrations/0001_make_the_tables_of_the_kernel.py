"""Make the tables of the kernel"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "base_calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column(
            "name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_calendar_day")),
        sa.UniqueConstraint("day", name=op.f("uq_base_calendar_day_day")),
    )
    op.create_table(
        "base_comment",
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "text", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_comment")),
    )
    with op.batch_alter_table("base_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_comment_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_comment_table_name"), ["table_name"], unique=False
        )

    op.create_table(
        "base_demo_played",
        sa.Column(
            "plugin",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_demo_played")),
        sa.UniqueConstraint("plugin", name=op.f("uq_base_demo_played_plugin")),
    )
    op.create_table(
        "base_duty",
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_duty")),
    )
    with op.batch_alter_table("base_duty", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_duty_table_name_record_id"),
            ["table_name", "record_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_base_duty_user_id"), ["user_id"], unique=False)

    op.create_table(
        "base_failed_sign_in",
        sa.Column(
            "login",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", UtcTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_failed_sign_in")),
        sa.UniqueConstraint("login", name=op.f("uq_base_failed_sign_in_login")),
    )
    op.create_table(
        "base_file",
        sa.Column(
            "name",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "media_type",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "about_table",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_file")),
    )
    with op.batch_alter_table("base_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "base_generation",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_generation")),
    )
    op.create_table(
        "base_job",
        sa.Column(
            "name",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "plugin",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "queue",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=True),
        sa.Column(
            "key",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "service",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "request_id",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("business_day", sa.Date(), nullable=True),
        sa.Column(
            "error",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_job")),
        sa.UniqueConstraint("name", "key", name=op.f("uq_base_job_name_key")),
    )
    with op.batch_alter_table("base_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_job_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_job_state_queue_due_at"), ["state", "queue", "due_at"], unique=False
        )

    op.create_table(
        "base_keyed_request",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "fingerprint",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_keyed_request")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_base_keyed_request_user_id_key")),
    )
    op.create_table(
        "base_ledger_entry",
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "actor_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "procedure",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "elevation",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "request_id",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column(
            "salt",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "digest",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_ledger_entry")),
    )
    with op.batch_alter_table("base_ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_ledger_entry_actor_id"), ["actor_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_base_ledger_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_base_ledger_entry_kind"), ["kind"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_ledger_entry_record_id"), ["record_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_ledger_entry_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_ledger_entry_table_name"), ["table_name"], unique=False
        )

    op.create_table(
        "base_mail",
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "address",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "subject",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "body", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column(
            "key",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_base_mail_key")),
    )
    with op.batch_alter_table("base_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_mail_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "base_notice",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "about_table",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_notice")),
    )
    with op.batch_alter_table("base_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_notice_user_id_read_at"), ["user_id", "read_at"], unique=False
        )

    op.create_table(
        "base_outbox_event",
        sa.Column(
            "name",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "plugin",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "request_id",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_outbox_event")),
    )
    with op.batch_alter_table("base_outbox_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_outbox_event_name"), ["name"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_outbox_event_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "base_outside_call",
        sa.Column(
            "key",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_outside_call")),
        sa.UniqueConstraint("key", name=op.f("uq_base_outside_call_key")),
    )
    with op.batch_alter_table("base_outside_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_outside_call_job_id"), ["job_id"], unique=False)

    op.create_table(
        "base_plugin_setting",
        sa.Column(
            "plugin",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "name",
            sa.String(length=128).with_variant(sa.String(length=128, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("hidden", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_plugin_setting")),
        sa.UniqueConstraint("plugin", "name", name=op.f("uq_base_plugin_setting_plugin_name")),
    )
    op.create_table(
        "base_plugin_state",
        sa.Column(
            "name",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column(
            "installed_version",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_plugin_state")),
        sa.UniqueConstraint("name", name=op.f("uq_base_plugin_state_name")),
    )
    op.create_table(
        "base_schedule",
        sa.Column(
            "name",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "declared",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("next_due", UtcTime(), nullable=False),
        sa.Column("last_due", UtcTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_schedule")),
        sa.UniqueConstraint("name", name=op.f("uq_base_schedule_name")),
    )
    op.create_table(
        "base_seal",
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=False),
        sa.Column(
            "root",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "previous",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "digest",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_seal")),
    )
    op.create_table(
        "base_seal_member",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("seal_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_seal_member")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_base_seal_member_entry_id")),
    )
    with op.batch_alter_table("base_seal_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_seal_member_seal_id"), ["seal_id"], unique=False)

    op.create_table(
        "base_sequence",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_base_sequence")),
    )
    op.create_table(
        "base_unit",
        sa.Column(
            "code",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "name",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "path",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_base_unit_code")),
    )
    with op.batch_alter_table("base_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_base_unit_path"), ["path"], unique=False)

    op.create_table(
        "base_workflow_definition",
        sa.Column(
            "workflow",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_workflow_definition")),
        sa.UniqueConstraint("hash", name=op.f("uq_base_workflow_definition_hash")),
    )
    with op.batch_alter_table("base_workflow_definition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_workflow_definition_workflow"), ["workflow"], unique=False
        )

    op.create_table(
        "base_user",
        sa.Column(
            "login",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "email",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "language",
            sa.String(length=10).with_variant(sa.String(length=10, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "password",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("on_leave_until", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["base_unit.id"], name=op.f("fk_base_user_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_user")),
        sa.UniqueConstraint("login", name=op.f("uq_base_user_login")),
    )
    with op.batch_alter_table("base_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_user_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "base_workflow_case",
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["base_workflow_definition.id"],
            name=op.f("fk_base_workflow_case_definition_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_workflow_case")),
        sa.UniqueConstraint(
            "table_name", "record_id", name=op.f("uq_base_workflow_case_table_name_record_id")
        ),
    )
    with op.batch_alter_table("base_workflow_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_workflow_case_definition_id"), ["definition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_base_workflow_case_state"), ["state"], unique=False)

    op.create_table(
        "base_api_token",
        sa.Column(
            "name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "token_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_api_token_user_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_base_api_token_token_hash")),
    )
    with op.batch_alter_table("base_api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "base_sign_in",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "token_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.Column(
            "address",
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
            ["user_id"], ["base_user.id"], name=op.f("fk_base_sign_in_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_base_sign_in_token_hash")),
    )
    with op.batch_alter_table("base_sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "base_task",
        sa.Column(
            "title",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "plugin",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "table_name",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "stage",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "position",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("record_unit_id", sa.BigInteger(), nullable=True),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column(
            "assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("why", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("arisen_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("remind_at", UtcTime(), nullable=True),
        sa.Column("reminded_at", UtcTime(), nullable=True),
        sa.Column(
            "escalate_to",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("escalated_at", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["base_user.id"],
            name=op.f("fk_base_task_assignee_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["base_workflow_case.id"],
            name=op.f("fk_base_task_case_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["base_unit.id"], name=op.f("fk_base_task_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_task")),
    )
    with op.batch_alter_table("base_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_task_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_task_assignee_id_state"), ["assignee_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_base_task_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_task_state_due_at"), ["state", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_task_state_position_unit_id"),
            ["state", "position", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_base_task_state_remind_at"), ["state", "remind_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_task_table_name_record_id"),
            ["table_name", "record_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_base_task_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "base_user_position",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "position",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_base_user_position_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_user_position_user_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_user_position")),
        sa.UniqueConstraint(
            "user_id",
            "position",
            "unit_id",
            name=op.f("uq_base_user_position_user_id_position_unit_id"),
        ),
    )
    with op.batch_alter_table("base_user_position", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_user_position_position"), ["position"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_user_position_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_base_user_position_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "base_user_role",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["base_user.id"],
            name=op.f("fk_base_user_role_user_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_user_role")),
        sa.UniqueConstraint("user_id", "role", name=op.f("uq_base_user_role_user_id_role")),
    )
    with op.batch_alter_table("base_user_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_user_role_user_id"), ["user_id"], unique=False)

    op.create_table(
        "base_vote",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column(
            "transition",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "shown_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column(
            "opinion",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("inputs", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("void_at", UtcTime(), nullable=True),
        sa.Column(
            "void_reason",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["base_workflow_case.id"],
            name=op.f("fk_base_vote_case_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["base_user.id"], name=op.f("fk_base_vote_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_vote")),
    )
    with op.batch_alter_table("base_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_base_vote_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_base_vote_case_id_round"), ["case_id", "round"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_base_vote_user_id"), ["user_id"], unique=False)

    op.create_table(
        "base_workflow_step",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "transition",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("left_at", UtcTime(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["base_workflow_case.id"],
            name=op.f("fk_base_workflow_step_case_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_workflow_step")),
    )
    with op.batch_alter_table("base_workflow_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_base_workflow_step_case_id"), ["case_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("base_workflow_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_workflow_step_case_id"))

    op.drop_table("base_workflow_step")
    with op.batch_alter_table("base_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_vote_user_id"))
        batch_op.drop_index(batch_op.f("ix_base_vote_case_id_round"))
        batch_op.drop_index(batch_op.f("ix_base_vote_case_id"))

    op.drop_table("base_vote")
    with op.batch_alter_table("base_user_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_user_role_user_id"))

    op.drop_table("base_user_role")
    with op.batch_alter_table("base_user_position", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_user_position_user_id"))
        batch_op.drop_index(batch_op.f("ix_base_user_position_unit_id"))
        batch_op.drop_index(batch_op.f("ix_base_user_position_position"))

    op.drop_table("base_user_position")
    with op.batch_alter_table("base_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_task_unit_id"))
        batch_op.drop_index(batch_op.f("ix_base_task_table_name_record_id"))
        batch_op.drop_index(batch_op.f("ix_base_task_state_remind_at"))
        batch_op.drop_index(batch_op.f("ix_base_task_state_position_unit_id"))
        batch_op.drop_index(batch_op.f("ix_base_task_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_base_task_case_id"))
        batch_op.drop_index(batch_op.f("ix_base_task_assignee_id_state"))
        batch_op.drop_index(batch_op.f("ix_base_task_assignee_id"))

    op.drop_table("base_task")
    with op.batch_alter_table("base_sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_sign_in_user_id"))

    op.drop_table("base_sign_in")
    with op.batch_alter_table("base_api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_api_token_user_id"))

    op.drop_table("base_api_token")
    with op.batch_alter_table("base_workflow_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_workflow_case_state"))
        batch_op.drop_index(batch_op.f("ix_base_workflow_case_definition_id"))

    op.drop_table("base_workflow_case")
    with op.batch_alter_table("base_user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_user_unit_id"))

    op.drop_table("base_user")
    with op.batch_alter_table("base_workflow_definition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_workflow_definition_workflow"))

    op.drop_table("base_workflow_definition")
    with op.batch_alter_table("base_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_unit_path"))
        batch_op.drop_index(batch_op.f("ix_base_unit_parent_id"))

    op.drop_table("base_unit")
    op.drop_table("base_sequence")
    with op.batch_alter_table("base_seal_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_seal_member_seal_id"))

    op.drop_table("base_seal_member")
    op.drop_table("base_seal")
    op.drop_table("base_schedule")
    op.drop_table("base_plugin_state")
    op.drop_table("base_plugin_setting")
    with op.batch_alter_table("base_outside_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_outside_call_job_id"))

    op.drop_table("base_outside_call")
    with op.batch_alter_table("base_outbox_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_outbox_event_request_id"))
        batch_op.drop_index(batch_op.f("ix_base_outbox_event_name"))

    op.drop_table("base_outbox_event")
    with op.batch_alter_table("base_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_notice_user_id_read_at"))

    op.drop_table("base_notice")
    with op.batch_alter_table("base_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_mail_notice_id"))

    op.drop_table("base_mail")
    with op.batch_alter_table("base_ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_ledger_entry_table_name"))
        batch_op.drop_index(batch_op.f("ix_base_ledger_entry_request_id"))
        batch_op.drop_index(batch_op.f("ix_base_ledger_entry_record_id"))
        batch_op.drop_index(batch_op.f("ix_base_ledger_entry_kind"))
        batch_op.drop_index(batch_op.f("ix_base_ledger_entry_at"))
        batch_op.drop_index(batch_op.f("ix_base_ledger_entry_actor_id"))

    op.drop_table("base_ledger_entry")
    op.drop_table("base_keyed_request")
    with op.batch_alter_table("base_job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_job_state_queue_due_at"))
        batch_op.drop_index(batch_op.f("ix_base_job_request_id"))

    op.drop_table("base_job")
    op.drop_table("base_generation")
    with op.batch_alter_table("base_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_file_sha256"))

    op.drop_table("base_file")
    op.drop_table("base_failed_sign_in")
    with op.batch_alter_table("base_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_duty_user_id"))
        batch_op.drop_index(batch_op.f("ix_base_duty_table_name_record_id"))

    op.drop_table("base_duty")
    op.drop_table("base_demo_played")
    with op.batch_alter_table("base_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_base_comment_table_name"))
        batch_op.drop_index(batch_op.f("ix_base_comment_record_id"))

    op.drop_table("base_comment")
    op.drop_table("base_calendar_day")
