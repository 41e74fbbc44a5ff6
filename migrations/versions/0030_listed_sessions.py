"""Sessions of staff can be listed and ended one by one; what was typed when one ended is kept for an hour."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PUBLIC_ID_BYTES = 16


def upgrade() -> None:
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("way", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=60), nullable=True))
    sessions = sa.table("staff_sessions", sa.column("id_hash", sa.LargeBinary), sa.column("public_id", sa.LargeBinary))
    connection = op.get_bind()
    for (id_hash,) in connection.execute(sa.select(sessions.c.id_hash)).fetchall():
        named = sa.update(sessions).where(sessions.c.id_hash == id_hash)
        connection.execute(named.values(public_id=secrets.token_bytes(PUBLIC_ID_BYTES)))
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.create_unique_constraint("session_is_named_once", ["public_id"])
        batch_op.create_check_constraint(
            "way_in_is_known", sa.column("way").in_(["link", "printed", "oidc", "password", "passkey"])
        )
    op.create_table(
        "kept_forms",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_hash"],
            ["staff_sessions.id_hash"],
            name=op.f("fk_kept_forms_session_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_kept_forms")),
    )


def downgrade() -> None:
    op.drop_table("kept_forms")
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_constraint("way_in_is_known", type_="check")
        batch_op.drop_constraint("session_is_named_once", type_="unique")
        batch_op.drop_column("device")
        batch_op.drop_column("way")
        batch_op.drop_column("public_id")
