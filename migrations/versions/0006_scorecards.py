"""What customers say, and scorecards as issued, sealed and released."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "custom_instruments",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("is_reversed", sa.Boolean(), nullable=False),
        sa.Column("construct", sa.String(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("lowest < highest", name="instrument_has_a_scale"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_custom_instruments")),
    )
    op.create_table(
        "periods",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("fiscal_year_start", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "frozen",
                "released",
                name="period_state_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_historical", sa.Boolean(), nullable=False),
        sa.Column("family", sa.JSON(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_stopped", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="period_ends_after_it_starts"),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_periods")),
    )
    op.create_table(
        "external_responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.String(), nullable=False),
        sa.Column("touchpoint", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("respondent", sa.LargeBinary(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["connections.id"], name=op.f("fk_external_responses_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_responses")),
        sa.UniqueConstraint("source_id", "response_id", name="external_response_is_unique_in_its_source"),
    )
    with op.batch_alter_table("external_responses", schema=None) as batch_op:
        batch_op.create_index("ix_external_responses_touchpoint_period", ["touchpoint", "period"], unique=False)
    op.create_table(
        "external_totals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("touchpoint", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("positive", sa.Integer(), nullable=True),
        sa.Column("positive_share", sa.Float(), nullable=True),
        sa.Column("mean", sa.Float(), nullable=True),
        sa.Column("standard_deviation", sa.Float(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("nps", sa.Float(), nullable=True),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.CheckConstraint("n IS NULL OR n >= 0", name="external_n_is_not_negative"),
        sa.CheckConstraint("positive IS NULL OR n IS NULL OR positive <= n", name="positive_is_part_of_n"),
        sa.CheckConstraint(
            "positive_share IS NULL OR positive_share BETWEEN 0 AND 1", name="positive_share_is_a_share"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["connections.id"], name=op.f("fk_external_totals_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_totals")),
        sa.UniqueConstraint(
            "source_id", "touchpoint", "dimension", "instrument", "period", name="external_total_is_told_once"
        ),
    )
    with op.batch_alter_table("external_totals", schema=None) as batch_op:
        batch_op.create_index("ix_external_totals_touchpoint_period", ["touchpoint", "period"], unique=False)
    op.create_table(
        "release_tallies",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("surplus", sa.Integer(), nullable=False),
        sa.Column("moved_up", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_release_tallies_department_id")),
        sa.PrimaryKeyConstraint("department_id", "period", name=op.f("pk_release_tallies")),
    )
    op.create_table(
        "scorecards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("revision >= 1", name="revisions_count_from_one"),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_scorecards_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("department_id", "period", "revision", name="revision_is_frozen_once"),
    )
    op.create_table(
        "sealed_cells",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cut", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_sealed_cells_department_id")),
        sa.PrimaryKeyConstraint(
            "department_id", "period", "revision", "cut", "value", "item", name=op.f("pk_sealed_cells")
        ),
    )
    op.create_table(
        "scorecard_files",
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecards.id"], name=op.f("fk_scorecard_files_scorecard_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scorecard_id", "name", name=op.f("pk_scorecard_files")),
    )
    op.create_table(
        "scorecard_postings",
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecards.id"], name=op.f("fk_scorecard_postings_scorecard_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scorecard_id", "recipient", name=op.f("pk_scorecard_postings")),
    )


def downgrade() -> None:
    op.drop_table("scorecard_postings")
    op.drop_table("scorecard_files")
    op.drop_table("sealed_cells")
    op.drop_table("scorecards")
    op.drop_table("release_tallies")
    with op.batch_alter_table("external_totals", schema=None) as batch_op:
        batch_op.drop_index("ix_external_totals_touchpoint_period")
    op.drop_table("external_totals")
    with op.batch_alter_table("external_responses", schema=None) as batch_op:
        batch_op.drop_index("ix_external_responses_touchpoint_period")
    op.drop_table("external_responses")
    op.drop_table("periods")
    op.drop_table("custom_instruments")
