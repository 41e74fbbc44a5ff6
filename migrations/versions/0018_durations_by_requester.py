"""Durations by the requester's department as well, as the work is counted: who waits how long for whom.

What stands has no such department yet; quarters that are not released are marked to be counted anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_KEY = ["department_id", "period", "is_own", "request_type"]
_PLACE = ["measure", "bin"]


def upgrade() -> None:
    with op.batch_alter_table("work_durations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("requester_department_id", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint(op.f("pk_work_durations"), type_="primary")
        batch_op.create_primary_key(op.f("pk_work_durations"), [*_KEY, "requester_department_id", *_PLACE])
    op.execute(
        "INSERT INTO dirty_marks (department_id, period)"
        " SELECT DISTINCT department_id, period FROM work_durations WHERE department_id IN (SELECT id FROM departments)"
        " AND period NOT IN (SELECT period FROM periods WHERE state = 'released')"
    )


def downgrade() -> None:
    op.execute(
        "CREATE TEMPORARY TABLE sums AS SELECT department_id, period, is_own, request_type, measure, bin,"
        " SUM(requests) AS requests FROM work_durations"
        " GROUP BY department_id, period, is_own, request_type, measure, bin"
    )
    op.execute("DELETE FROM work_durations")
    with op.batch_alter_table("work_durations", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("pk_work_durations"), type_="primary")
        batch_op.drop_column("requester_department_id")
        batch_op.create_primary_key(op.f("pk_work_durations"), [*_KEY, *_PLACE])
    op.execute(
        "INSERT INTO work_durations (department_id, period, is_own, request_type, measure, bin, requests)"
        " SELECT department_id, period, is_own, request_type, measure, bin, requests FROM sums"
    )
    op.execute("DROP TABLE sums")
