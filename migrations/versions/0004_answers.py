"""The side that knows no person: held and released answers, and the one bridge."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_periods",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("first_import_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_import_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_imported_periods")),
    )
    op.create_table(
        "page_times",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period", "bin", name=op.f("pk_page_times")),
    )
    op.create_table(
        "quarter_salts",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_quarter_salts")),
    )
    op.create_table(
        "response_links",
        sa.Column("public_id", sa.LargeBinary(), nullable=False),
        sa.Column("response_id", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_rating", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_response_links")),
        sa.UniqueConstraint("response_id", name="one_link_per_response"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("response_links", schema=None) as batch_op:
        batch_op.create_index("ix_response_links_expires_at", ["expires_at"], unique=False)
    op.create_table(
        "seen_responses",
        sa.Column("recognition", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("recognition", name=op.f("pk_seen_responses")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "held_responses",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("requester_cluster_id", sa.LargeBinary(), nullable=False),
        sa.Column("requester_department_id", sa.Integer(), nullable=True),
        sa.Column("request_type", sa.String(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("was_reopened", sa.Boolean(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("instrument_version", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "accepted",
                "held_back",
                "dropped",
                name="response_state_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("reason_chips", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("has_consented", sa.Boolean(), nullable=False),
        sa.Column("has_thanked", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(id) = 16", name="response_id_is_random"),
        sa.CheckConstraint("length(requester_cluster_id) = 16", name="requester_cluster_id_is_a_hash"),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_held_responses_department_id")),
        sa.ForeignKeyConstraint(
            ["requester_department_id"], ["departments.id"], name=op.f("fk_held_responses_requester_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_responses")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("held_responses", schema=None) as batch_op:
        batch_op.create_index("ix_held_responses_department_id_period", ["department_id", "period"], unique=False)
        batch_op.create_index(
            "ix_held_responses_period_instrument_version", ["period", "instrument_version"], unique=False
        )
        batch_op.create_index("ix_held_responses_requester_cluster_id", ["requester_cluster_id"], unique=False)
    op.create_table(
        "released_comments",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_released_comments_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_comments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "released_responses",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("csat_overall", sa.Integer(), nullable=True),
        sa.Column("timeliness", sa.Integer(), nullable=True),
        sa.Column("result_quality", sa.Integer(), nullable=True),
        sa.Column("communication", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(id) = 16", name="released_id_is_random"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_released_responses_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_responses")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("released_responses", schema=None) as batch_op:
        batch_op.create_index("ix_released_responses_department_id_period", ["department_id", "period"], unique=False)
    op.create_table(
        "held_answers",
        sa.Column("response_id", sa.LargeBinary(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 0 AND 10", name="answer_lies_on_a_scale"),
        sa.ForeignKeyConstraint(
            ["response_id"], ["held_responses.id"], name=op.f("fk_held_answers_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "item", name=op.f("pk_held_answers")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("held_answers")
    with op.batch_alter_table("released_responses", schema=None) as batch_op:
        batch_op.drop_index("ix_released_responses_department_id_period")
    op.drop_table("released_responses")
    op.drop_table("released_comments")
    with op.batch_alter_table("held_responses", schema=None) as batch_op:
        batch_op.drop_index("ix_held_responses_requester_cluster_id")
        batch_op.drop_index("ix_held_responses_period_instrument_version")
        batch_op.drop_index("ix_held_responses_department_id_period")
    op.drop_table("held_responses")
    op.drop_table("seen_responses")
    with op.batch_alter_table("response_links", schema=None) as batch_op:
        batch_op.drop_index("ix_response_links_expires_at")
    op.drop_table("response_links")
    op.drop_table("quarter_salts")
    op.drop_table("page_times")
    op.drop_table("imported_periods")
