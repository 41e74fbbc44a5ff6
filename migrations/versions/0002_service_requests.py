"""Requests with their completion cycles, and deliveries as they came in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "stored",
                "processed",
                "failed",
                name="delivery_state_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("conclusion", sa.JSON(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["connection_id"], ["connections.id"], name=op.f("fk_deliveries_connection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("connection_id", "delivery_key", name="delivery_is_stored_once"),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_state_received_at", ["state", "received_at"], unique=False)
    op.create_table(
        "service_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tracker_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("external_key", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("request_type", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("raw_department", sa.JSON(), nullable=True),
        sa.Column("provider_department_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column(
            "requester_kind",
            sa.Enum(
                "person", "bot", name="requester_kind_is_known", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("requester_department_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("reopened_count", sa.Integer(), nullable=False),
        sa.Column("reassignment_count", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "deleted",
                name="request_state_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cycle_count", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reopened_count >= 0 AND reassignment_count >= 0", name="request_counts_are_not_negative"),
        sa.ForeignKeyConstraint(
            ["provider_department_id"], ["departments.id"], name=op.f("fk_service_requests_provider_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["requester_department_id"], ["departments.id"], name=op.f("fk_service_requests_requester_department_id")
        ),
        sa.ForeignKeyConstraint(["requester_id"], ["people.id"], name=op.f("fk_service_requests_requester_id")),
        sa.ForeignKeyConstraint(["tracker_id"], ["connections.id"], name=op.f("fk_service_requests_tracker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_requests")),
        sa.UniqueConstraint("tracker_id", "external_id", name="request_is_unique_in_its_tracker"),
    )
    with op.batch_alter_table("service_requests", schema=None) as batch_op:
        batch_op.create_index(
            "ix_service_requests_provider_department_id_state", ["provider_department_id", "state"], unique=False
        )
        batch_op.create_index("ix_service_requests_requester_id", ["requester_id"], unique=False)
    op.create_table(
        "request_cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "resolution",
            sa.Enum(
                "delivered",
                "not_delivered",
                "automatic",
                name="resolution_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("provider_department_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column("requester_department_id", sa.Integer(), nullable=True),
        sa.Column("request_type", sa.String(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("was_reopened", sa.Boolean(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "provider_unknown",
                "provider_not_surveyed",
                "own_department",
                "closed_without_delivery",
                "closed_automatically",
                "requester_is_a_bot",
                "history",
                "already_asked",
                "no_address",
                "opted_out",
                "reopened",
                "quarantine",
                "quarter_cap",
                "sampled_out",
                "another_chosen",
                "too_late",
                "delivery_failed",
                "invited",
                "waiting",
                name="decision_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name="cycles_count_from_one"),
        sa.ForeignKeyConstraint(
            ["provider_department_id"], ["departments.id"], name=op.f("fk_request_cycles_provider_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_requests.id"], name=op.f("fk_request_cycles_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["requester_department_id"], ["departments.id"], name=op.f("fk_request_cycles_requester_department_id")
        ),
        sa.ForeignKeyConstraint(["requester_id"], ["people.id"], name=op.f("fk_request_cycles_requester_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_cycles")),
        sa.UniqueConstraint("request_id", "number", name="cycle_number_is_unique_in_its_request"),
    )
    with op.batch_alter_table("request_cycles", schema=None) as batch_op:
        batch_op.create_index("ix_request_cycles_decision_completed_at", ["decision", "completed_at"], unique=False)
        batch_op.create_index("ix_request_cycles_period", ["period"], unique=False)
        batch_op.create_index(
            "ix_request_cycles_provider_department_id_period", ["provider_department_id", "period"], unique=False
        )
        batch_op.create_index("ix_request_cycles_requester_id", ["requester_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("request_cycles", schema=None) as batch_op:
        batch_op.drop_index("ix_request_cycles_requester_id")
        batch_op.drop_index("ix_request_cycles_provider_department_id_period")
        batch_op.drop_index("ix_request_cycles_period")
        batch_op.drop_index("ix_request_cycles_decision_completed_at")
    op.drop_table("request_cycles")
    with op.batch_alter_table("service_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_service_requests_requester_id")
        batch_op.drop_index("ix_service_requests_provider_department_id_state")
    op.drop_table("service_requests")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_state_received_at")
    op.drop_table("deliveries")
