"""Uploads: a number is used once, and what was found is kept as sentences that can be said in any language."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KINDS = ("departments", "people", "requests", "responses", "external")
STATES = ("waiting", "checked", "faulty", "imported")


def _words(rule: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=rule, native_enum=False, create_constraint=True, length=40)


UPLOADS = sa.Table(
    "uploads",
    sa.MetaData(),
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("kind", _words("import_kind_is_known", *KINDS), nullable=False),
    sa.Column("slug", sa.String(), nullable=False),
    sa.Column("options", sa.JSON(), nullable=False),
    sa.Column("state", _words("upload_state_is_known", *STATES), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("content", sa.LargeBinary(), nullable=True),
    sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("rejected", sa.LargeBinary(), nullable=True),
    sa.Column("uploaded_by", sa.String(), nullable=False),
    sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(content IS NULL) = (state = 'imported')", name=op.f("content_is_kept_until_it_is_imported")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
)


def upgrade() -> None:
    _rewrite(_with_sentences)
    _number(once=True)


def downgrade() -> None:
    _number(once=False)
    _rewrite(_with_words)


def _number(*, once: bool) -> None:
    """Let SQLite give a number out once, or again after the row is gone; PostgreSQL never gives one out again."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(
            "uploads", recreate="always", copy_from=UPLOADS, table_kwargs={"sqlite_autoincrement": once}
        ):
            pass


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    connection = op.get_bind()
    found = sa.select(UPLOADS.c.id, UPLOADS.c.outcome).where(UPLOADS.c.outcome.is_not(None))
    for number, outcome in connection.execute(found).all():
        if outcome is not None:
            connection.execute(UPLOADS.update().where(UPLOADS.c.id == number).values(outcome=change(outcome)))


def _with_sentences(outcome: dict[str, Any]) -> dict[str, Any]:
    nowhere = {"line": 0, "column": "", "mend": "", "rows": 0, "lines": []}
    return {
        **outcome,
        "words": outcome["words"].splitlines(),
        "doubts": [{**nowhere, "sentence": doubt} for doubt in outcome["doubts"]],
        "faults": [{**fault, "mend": ""} for fault in outcome.get("faults", ())],
        "near": [],
    }


def _with_words(outcome: dict[str, Any]) -> dict[str, Any]:
    return {
        **outcome,
        "words": "\n".join(map(_text, outcome["words"])),
        "doubts": [_text(doubt["sentence"]) for doubt in outcome["doubts"]],
        "faults": [{**fault, "sentence": _text(fault["sentence"])} for fault in outcome["faults"]],
    }


def _text(told: Any) -> str:
    """Return a sentence in English, where it is kept with its places."""
    if not isinstance(told, dict):
        return str(told)
    is_one = told.get("num", 1) == 1
    places = {name: _text(value) for name, value in told["params"].items()}
    return str(told["message"] if is_one else told["plural"]) % {**places, "num": told.get("num", "")}
