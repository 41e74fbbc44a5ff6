"""The responses table: answers that an earlier tool gathered about completed requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from app.domain.instruments import ALIASES, Item, scale_of
from app.foundations.languages import gettext
from app.imports.columns import TIME, Column, boolean, comment, person, text, whole
from app.imports.schema import Complaint, Kind

ITEMS = tuple(item.value for item in Item)
LONGEST_COMMENT = 10_000  # characters
_points = attrgetter(*ITEMS)
WHOLE_DAYS = timedelta(days=1)  # many tools tell the day of an answer, and so its midnight


@dataclass(frozen=True, kw_only=True)  # without slots: rows wait in a file, and slots are pickled by slow code
class ResponseRow:
    """One response; an item that is None was not answered (its code was empty or `--not-applicable`)."""

    line: int
    given: frozenset[str]
    response_id: str
    provider_department: str
    requester: str
    completed_at: datetime
    csat_overall: int | None = None
    timeliness: int | None = None
    result_quality: int | None = None
    communication: int | None = None
    effort: int | None = None
    trust: int | None = None
    professionalism: int | None = None
    cooperation: int | None = None
    recommend: int | None = None
    requester_department: str | None = None
    request_type: str | None = None
    answered_at: datetime | None = None
    comment: str | None = None
    language: str | None = None
    on_time: bool | None = None
    not_applicable: frozenset[str] = frozenset()  # items answered with a code of --not-applicable

    def ratings(self) -> dict[str, int]:
        """Return the answered items with their points."""
        return {item: points for item, points in zip(ITEMS, _points(self), strict=True) if points is not None}


def _check(row: ResponseRow) -> Iterator[Complaint]:
    if not (row.ratings() or row.comment or row.not_applicable):
        yield "", gettext("no item is answered")
    if row.answered_at and row.answered_at < row.completed_at - WHOLE_DAYS:
        yield "answered_at", gettext("it was answered before the request was completed (completed_at)")


RESPONSES: Kind[ResponseRow] = Kind(
    name="responses",
    row=ResponseRow,
    key=lambda row: row.response_id,
    key_column="response_id",
    natural_key=("response_id",),
    id_column="response_id",
    any_of=(ITEMS,),
    aliases={alias: item.value for alias, item in ALIASES.items()},
    unpivot_into={"provider_department": "csat_overall"},
    rated=ITEMS,
    check=_check,
    columns=(
        Column("response_id", text(200), required=True, filled=True),
        Column("provider_department", text(200), required=True, filled=True),
        Column("requester", person, required=True, filled=True),
        Column("completed_at", TIME, required=True, filled=True, happened=True),
        *(Column(item.value, whole(scale_of(item).lowest, scale_of(item).highest)) for item in Item),
        Column("requester_department", text(200)),
        Column("request_type", text(200)),
        Column("answered_at", TIME, happened=True),
        Column("comment", comment(LONGEST_COMMENT)),
        Column("language", text(10)),
        Column("on_time", boolean),
    ),
)
