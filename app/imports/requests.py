"""The requests table: what a tracker says about a service request at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.foundations.languages import gettext
from app.imports.columns import TIME, Column, boolean, email, one_of, text, whole
from app.imports.schema import Complaint, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A state report: open without `completed_at`, else completed then. None with its column given clears."""

    line: int
    given: frozenset[str]
    external_id: str
    created_at: datetime
    provider_department: str | None = None
    requester_email: str | None = None
    requester: str | None = None
    completed_at: datetime | None = None
    resolution: str | None = None
    requester_kind: str | None = None
    updated_at: datetime | None = None
    title: str | None = None
    request_type: str | None = None
    requester_department: str | None = None
    first_response_at: datetime | None = None
    due_at: datetime | None = None
    on_time: bool | None = None
    reopened_count: int | None = None
    reassignment_count: int | None = None
    status: str | None = None
    url: str | None = None


def _check(row: RequestRow) -> Iterator[Complaint]:
    if row.completed_at and row.completed_at < row.created_at:
        yield "completed_at", gettext("it was completed before it was created (created_at)")
    if row.url and not row.url.startswith(("https://", "http://")):
        yield "url", gettext("'%(value)s' is not a web address (https://…)", value=row.url)


REQUESTS: Kind[RequestRow] = Kind(
    name="requests",
    row=RequestRow,
    key=lambda row: row.external_id,
    key_column="external_id",
    natural_key=("external_id",),
    id_column="external_id",
    any_of=(("requester_email", "requester"),),
    check=_check,
    columns=(
        Column("external_id", text(200), required=True, filled=True),
        Column("requester_email", email),
        Column("requester", text(200)),
        Column("provider_department", text(200), required=True),
        Column("created_at", TIME, required=True, filled=True, happened=True),
        Column("completed_at", TIME, happened=True),
        Column("resolution", one_of("delivered", "not_delivered", "automatic")),
        Column("requester_kind", one_of("person", "bot")),
        Column("updated_at", TIME),
        Column("title", text(1000)),
        Column("request_type", text(200)),
        Column("requester_department", text(200)),
        Column("first_response_at", TIME, happened=True),
        Column("due_at", TIME),
        Column("on_time", boolean),
        Column("reopened_count", whole()),
        Column("reassignment_count", whole()),
        Column("status", text(200)),
        Column("url", text(2000)),
    ),
)
