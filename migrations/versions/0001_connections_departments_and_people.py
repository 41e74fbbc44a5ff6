"""The tools that tell us something, departments and people over time."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
    )
    with op.batch_alter_table("bounces", schema=None) as batch_op:
        batch_op.create_index("ix_bounces_address_hash", ["address_hash"], unique=False)
    op.create_table(
        "connections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "tracker",
                "scores",
                name="connection_side_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("key_hash", sa.LargeBinary(), nullable=True),
        sa.Column("cursor", sa.JSON(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(slug) BETWEEN 1 AND 60", name="connection_slug_is_short"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("key_hash", name="hook_key_is_unique"),
        sa.UniqueConstraint("slug", name="connection_slug_is_unique"),
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("code", name="department_code_is_unique"),
    )
    op.create_table(
        "import_profiles",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_import_profiles")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.CheckConstraint("email IS NOT NULL OR source_key IS NOT NULL", name="person_has_an_address_or_a_key"),
        sa.CheckConstraint("email IS NULL OR email = lower(email)", name="person_address_is_lower_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name="person_address_is_unique"),
        sa.UniqueConstraint("source", "source_key", name="person_key_is_unique_in_its_source"),
    )
    op.create_table(
        "suppressions",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "bounced",
                "complained",
                "erased",
                name="suppression_reason_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "department_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("head_email", sa.String(), nullable=True),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("is_surveyed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> department_id", name="department_is_not_its_own_parent"),
        sa.CheckConstraint("staff_count IS NULL OR staff_count >= 0", name="staff_count_is_not_negative"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="version_ends_after_it_begins"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_department_versions_department_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["departments.id"], name=op.f("fk_department_versions_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["departments.id"], name=op.f("fk_department_versions_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_versions")),
        sa.UniqueConstraint("department_id", "valid_from", name="one_version_per_department_and_day"),
    )
    with op.batch_alter_table("department_versions", schema=None) as batch_op:
        batch_op.create_index("ix_department_versions_parent_id", ["parent_id"], unique=False)
    op.create_table(
        "opt_outs",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_opt_outs_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "person_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_person_versions_department_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_versions_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_versions")),
        sa.UniqueConstraint("person_id", "valid_from", name="one_version_per_person_and_moment"),
    )
    with op.batch_alter_table("person_versions", schema=None) as batch_op:
        batch_op.create_index("ix_person_versions_department_id", ["department_id"], unique=False)
    op.create_table(
        "touchpoint_weights",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("from_period", sa.String(), nullable=False),
        sa.Column("touchpoint", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.CheckConstraint("weight > 0 AND weight <= 1", name="touchpoint_weight_is_a_share"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_touchpoint_weights_department_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "from_period", "touchpoint", name=op.f("pk_touchpoint_weights")),
    )


def downgrade() -> None:
    op.drop_table("touchpoint_weights")
    with op.batch_alter_table("person_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_person_versions_department_id")
    op.drop_table("person_versions")
    op.drop_table("opt_outs")
    with op.batch_alter_table("department_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_department_versions_parent_id")
    op.drop_table("department_versions")
    op.drop_table("suppressions")
    op.drop_table("people")
    op.drop_table("import_profiles")
    op.drop_table("departments")
    op.drop_table("connections")
    with op.batch_alter_table("bounces", schema=None) as batch_op:
        batch_op.drop_index("ix_bounces_address_hash")
    op.drop_table("bounces")
