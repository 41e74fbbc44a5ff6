"""What the columns of each kind of table mean, for the page that takes tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.instruments import Item, scale_of
from app.foundations.languages import gettext, mark
from app.imports.samples import SAMPLES, example
from app.imports.schema import Kind

#: A kind's own meaning goes before the one that a column has in every kind.
MEANINGS: Mapping[tuple[str, str], str] = {
    ("departments", "code"): mark("Short name by which trackers and tables call it"),
    ("departments", "name"): mark("Name of the department"),
    ("departments", "language"): mark("Language of its scorecard: en, de, es, pl or ru"),
    ("people", "name"): mark("Name of the person"),
    ("people", "email"): mark("Address of the person"),
    ("people", "language"): mark("Language in which we write to the person"),
    ("requests", "requester"): mark("Key of who asked, where no address is known: counted, never written to"),
    ("responses", "requester"): mark("Address or key of who asked"),
    ("responses", "language"): mark("Language of the comment"),
}
SHARED: Mapping[str, str] = {
    "parent_code": mark("Code of the department above it; empty at the top"),
    "head_email": mark("Address of its head, who gets the scorecard"),
    "staff_count": mark("Number of its staff"),
    "touchpoints": mark("Where customers meet it, with weights that add up to 1"),
    "valid_from": mark("First day on which the row holds; empty: it tells how it is today"),
    "valid_to": mark("First day without it"),
    "successor_code": mark("Code of the department that takes over"),
    "department_code": mark("Department that the person belongs to: its code or its name"),
    "time_zone": mark("Time zone in which the person works"),
    "external_id": mark("Number of the request in the tracker"),
    "requester_email": mark("Address of who asked"),
    "provider_department": mark("Department that handled it: its code or its name"),
    "created_at": mark("When it was made"),
    "completed_at": mark("When it was completed; empty while a request is open"),
    "resolution": mark("How it ended: delivered, not_delivered or automatic"),
    "requester_kind": mark("Who asked: person or bot"),
    "updated_at": mark("When the tracker last changed it"),
    "title": mark("What it is about, in a few words"),
    "request_type": mark("Type of the request"),
    "requester_department": mark("Department of who asked"),
    "first_response_at": mark("When somebody first answered"),
    "due_at": mark("When it had to be completed"),
    "on_time": mark("Whether it was completed in time: yes or no"),
    "reopened_count": mark("How often it was opened again"),
    "reassignment_count": mark("How often it was handed on"),
    "status": mark("Its state, in the tracker's words"),
    "url": mark("Address of the request in the tracker"),
    "response_id": mark("Number of the answer, each once"),
    "answered_at": mark("When it was answered"),
    "comment": mark("Comment in own words"),
    "touchpoint": mark("Where the customer met us"),
    "dimension": mark("What was asked about, as csat_overall or recommend"),
    "instrument": mark("Scale of the question, as csat5, csat10 or nps"),
    "score": mark("Points that the customer gave"),
    "respondent": mark("Key of the customer"),
    "period": mark("Quarter, month or year: 2026-Q3, 2026-07 or 2026"),
    "positive": mark("Number of favourable answers"),
    "positive_share": mark("Share of favourable answers, from 0 to 1"),
    "mean": mark("Average of the points"),
    "standard_deviation": mark("Standard deviation of the points"),
    "counts": mark("How many gave each point"),
    "nps": mark("Net promoter score, from -100 to 100"),
    "n": mark("Number of answers; without it the figure is only quoted"),
    "source_url": mark("Where the figure was published"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """One column as the page tells of it."""

    name: str
    need: str  # "" where the table may lack it
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of table with its columns; `name` is the one of its sample."""

    name: str
    title: str
    columns: tuple[Described, ...]


_TITLES = {
    "departments": mark("Departments"),
    "people": mark("People"),
    "requests": mark("Requests of a tracker"),
    "responses": mark("Earlier answers"),
    "external": mark("Scores from customers, one row per answer"),
    "totals": mark("Scores from customers, one row per total"),
}


def sheets() -> list[Sheet]:
    """Return every kind of table with its columns, in the language of the moment."""
    return [Sheet(name, gettext(_TITLES[name]), tuple(_described(name, kind))) for name, (kind, _) in SAMPLES.items()]


def _described(name: str, kind: Kind[Any]) -> Iterator[Described]:
    grouped = {column for group in kind.any_of for column in group}
    for column in kind.columns:
        need = gettext("needed") if column.required else gettext("one of these") if column.name in grouped else ""
        yield Described(column.name, need, meaning(name, column.name), example(name, column.name))


def english(kinds: Sequence[str], column: str) -> str:
    """Return what a column holds, in English: its meaning in the first of these kinds of tables that has one."""
    own = [MEANINGS[kind, column] for kind in kinds if (kind, column) in MEANINGS]
    if own or column in SHARED:
        return own[0] if own else SHARED[column]
    scale = scale_of(Item(column))
    return f"Rating from {scale.lowest} to {scale.highest}"


def meaning(sheet: str, column: str) -> str:
    """Return what a column of this kind of table holds."""
    own = MEANINGS.get((sheet, column)) or SHARED.get(column)
    if own is not None:
        return gettext(own)
    scale = scale_of(Item(column))
    return gettext("Rating from %(lowest)s to %(highest)s", lowest=scale.lowest, highest=scale.highest)
