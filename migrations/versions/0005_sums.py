"""What everything shown is computed from, and the marks that say what is stale."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cell_counts",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("cut", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("requesters", sa.Integer(), nullable=False),
        sa.Column("confidential_requesters", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("imported_responses", sa.Integer(), nullable=False),
        sa.Column("low_ratings", sa.Integer(), nullable=False),
        sa.Column("consents", sa.Integer(), nullable=False),
        sa.Column("thanks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_cell_counts_department_id")),
        sa.PrimaryKeyConstraint("department_id", "period", "is_own", "cut", "value", name=op.f("pk_cell_counts")),
    )
    op.create_table(
        "dirty_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_dirty_marks_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dirty_marks")),
    )
    with op.batch_alter_table("dirty_marks", schema=None) as batch_op:
        batch_op.create_index("ix_dirty_marks_period_department_id", ["period", "department_id"], unique=False)
    op.create_table(
        "funnel_counts",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("cut", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("requesters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_funnel_counts_department_id")),
        sa.PrimaryKeyConstraint(
            "department_id", "period", "is_own", "cut", "value", "reason", name=op.f("pk_funnel_counts")
        ),
    )
    op.create_table(
        "item_pairs",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("item_x", sa.String(), nullable=False),
        sa.Column("item_y", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sum_x", sa.Integer(), nullable=False),
        sa.Column("sum_y", sa.Integer(), nullable=False),
        sa.Column("sum_xx", sa.Integer(), nullable=False),
        sa.Column("sum_yy", sa.Integer(), nullable=False),
        sa.Column("sum_xy", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_item_pairs_department_id")),
        sa.PrimaryKeyConstraint("department_id", "period", "is_own", "item_x", "item_y", name=op.f("pk_item_pairs")),
    )
    op.create_table(
        "not_applicable_counts",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_not_applicable_counts_department_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "period", "is_own", "item", name=op.f("pk_not_applicable_counts")),
    )
    op.create_table(
        "open_ages",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("request_type", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_open_ages_department_id")),
        sa.PrimaryKeyConstraint(
            "department_id", "period", "is_own", "request_type", "measure", "bin", name=op.f("pk_open_ages")
        ),
    )
    op.create_table(
        "profile_cells",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("cut", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("weight_step", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("requesters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_profile_cells_department_id")),
        sa.PrimaryKeyConstraint(
            "department_id",
            "period",
            "is_own",
            "cut",
            "value",
            "item",
            "weight_step",
            "profile",
            name=op.f("pk_profile_cells"),
        ),
    )
    op.create_table(
        "work_counts",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("request_type", sa.String(), nullable=False),
        sa.Column("requester_department_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("completions", sa.Integer(), nullable=False),
        sa.Column("on_time_known", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("reassignments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_work_counts_department_id")),
        sa.PrimaryKeyConstraint(
            "department_id",
            "period",
            "is_own",
            "request_type",
            "requester_department_id",
            "month",
            name=op.f("pk_work_counts"),
        ),
    )
    op.create_table(
        "work_durations",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("request_type", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_work_durations_department_id")),
        sa.PrimaryKeyConstraint(
            "department_id", "period", "is_own", "request_type", "measure", "bin", name=op.f("pk_work_durations")
        ),
    )


def downgrade() -> None:
    op.drop_table("work_durations")
    op.drop_table("work_counts")
    op.drop_table("profile_cells")
    op.drop_table("open_ages")
    op.drop_table("not_applicable_counts")
    op.drop_table("item_pairs")
    op.drop_table("funnel_counts")
    with op.batch_alter_table("dirty_marks", schema=None) as batch_op:
        batch_op.drop_index("ix_dirty_marks_period_department_id")
    op.drop_table("dirty_marks")
    op.drop_table("cell_counts")
