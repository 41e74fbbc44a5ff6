"""Name and finding of a scorecard stand beside its document: lists print both, and need not read the rest."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

AT_ONCE = 100  # documents of some ten kilobytes


def upgrade() -> None:
    op.add_column("scorecards", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("scorecards", sa.Column("finding", sa.JSON(), nullable=False, server_default="{}"))
    columns = (sa.column("id", sa.Integer), sa.column("document", sa.Text), sa.column("name", sa.String))
    scorecards = sa.table("scorecards", *columns, sa.column("finding", sa.JSON))
    connection, last = op.get_bind(), 0
    some = sa.select(scorecards.c.id, scorecards.c.document).order_by(scorecards.c.id).limit(AT_ONCE)
    while rows := connection.execute(some.where(scorecards.c.id > last)).all():
        for last, text in rows:
            document = json.loads(text)
            told = {
                "name": document.get("department", {}).get("name", ""),
                "finding": document.get("sentences", {}).get("finding", {}),
            }
            connection.execute(sa.update(scorecards).where(scorecards.c.id == last).values(told))


def downgrade() -> None:
    op.drop_column("scorecards", "finding")
    op.drop_column("scorecards", "name")
