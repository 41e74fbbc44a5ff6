"""The disclosure ledger, a row per figure of each frozen document; and the tree that a quarter was frozen with.

Rows of documents that are frozen already are written at the quarter's next freeze.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disclosures",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "scorecard",
                "culture",
                name="document_kind_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("printed", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint(
            "period", "kind", "department_id", "revision", "block", "figure", "part", name=op.f("pk_disclosures")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("periods", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tree", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("periods", schema=None) as batch_op:
        batch_op.drop_column("tree")
    op.drop_table("disclosures")
