"""Who answered and who did not, in every cut: the funnel of quarters that are not released is counted anew."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO dirty_marks (department_id, period)"
        " SELECT DISTINCT department_id, period FROM funnel_counts WHERE department_id IN (SELECT id FROM departments)"
        " AND period NOT IN (SELECT period FROM periods WHERE state = 'released')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM funnel_counts WHERE reason = 'unanswered' OR cut IN ('requester_history', 'requester_tag')")
