"""Tables that administrators send through the browser, kept until they are imported and for a day at the most."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KINDS = ("departments", "people", "requests", "responses", "external")
STATES = ("waiting", "checked", "faulty", "imported")


def _words(rule: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=rule, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", _words("import_kind_is_known", *KINDS), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", _words("upload_state_is_known", *STATES), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("rejected", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(content IS NULL) = (state = 'imported')", name=op.f("content_is_kept_until_it_is_imported")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )


def downgrade() -> None:
    op.drop_table("uploads")
