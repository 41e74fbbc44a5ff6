"""HR's documents, frozen with the scorecards of a quarter, and sums of the whole company, which is no department."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SUMS = (
    *("profile_cells", "cell_counts", "not_applicable_counts", "item_pairs"),
    *("work_counts", "work_durations", "open_ages", "funnel_counts"),
)


def upgrade() -> None:
    op.create_table(
        "culture_revisions",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("company", sa.JSON(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_culture_revisions_revisions_count_from_one")),
        sa.PrimaryKeyConstraint("period", "revision", name=op.f("pk_culture_revisions")),
    )
    for table in _SUMS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_department_id"), type_="foreignkey")


def downgrade() -> None:
    for table in _SUMS:
        op.execute(sa.delete(sa.table(table)).where(sa.column("department_id") == 0))
        with op.batch_alter_table(table, schema=None) as batch_op:
            name = op.f(f"fk_{table}_department_id")
            batch_op.create_foreign_key(name, "departments", ["department_id"], ["id"])
    op.drop_table("culture_revisions")
