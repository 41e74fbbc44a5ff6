"""The two tables of external scores: one row a customer's response, or one row a published total."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.instruments import item_named
from app.foundations.languages import gettext
from app.foundations.quoting import quoted
from app.imports.columns import TIME, Column, comment, number, numbered, text, whole
from app.imports.faults import Unfit
from app.imports.responses import ITEMS, LONGEST_COMMENT
from app.imports.schema import Complaint, Kind

PERIOD = re.compile(r"\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?")
LARGEST_SCORE = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalResponseRow:
    """One customer's score on the instrument's own scale; None: the customer could not judge."""

    line: int
    given: frozenset[str]
    response_id: str
    touchpoint: str
    dimension: str
    instrument: str
    answered_at: datetime
    score: float | None = None
    respondent: str | None = None
    comment: str | None = None
    not_applicable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTotalRow:
    """What a source published for a touchpoint and a period, in the form it has it."""

    line: int
    given: frozenset[str]
    touchpoint: str
    dimension: str
    instrument: str
    period: str  # 2026-Q3, 2026-07 or 2026
    positive: int | None = None
    positive_share: float | None = None
    mean: float | None = None
    standard_deviation: float | None = None
    counts: tuple[tuple[str, float], ...] | None = None
    nps: float | None = None
    n: int | None = None
    source_url: str | None = None


def dimension(cell: str) -> str:
    """Hold an item id or its alias."""
    item = item_named(cell)
    if item is None:
        raise Unfit(gettext("'%(value)s' is none of %(values)s", value=quoted(cell), values=", ".join(ITEMS)))
    return item.value


def period(cell: str) -> str:
    """Hold a quarter, a month or a year."""
    if not PERIOD.fullmatch(cell):
        raise Unfit(gettext("'%(value)s' is not a period; write 2026-Q3, 2026-07 or 2026", value=quoted(cell)))
    return cell


def _check_response(row: ExternalResponseRow) -> Iterator[Complaint]:
    if row.score is None and "score" not in row.not_applicable:
        yield "score", gettext("this must not be empty")


def _check_total(row: ExternalTotalRow) -> Iterator[Complaint]:
    figures = (row.positive, row.positive_share, row.mean, row.counts, row.nps)
    if all(figure is None for figure in figures):
        yield "positive", gettext("the row has no figure: positive, positive_share, mean, counts or nps")
    if row.mean is not None and row.standard_deviation is None:
        yield "standard_deviation", gettext("a mean needs its standard deviation")
    if row.positive is not None and row.n is not None and row.positive > row.n:
        yield "positive", gettext("more favourable answers than answers (n)")
    if any(amount < 0 or amount != int(amount) for _, amount in row.counts or ()):
        yield "counts", gettext("every count must be a whole number from 0 up")
    elif row.counts and row.n is not None and sum(amount for _, amount in row.counts) != row.n:
        yield "n", gettext("the counts do not add up to n")


_SHARED: tuple[Column, ...] = (
    Column("touchpoint", text(200), required=True, filled=True),
    Column("dimension", dimension, required=True, filled=True),
    Column("instrument", text(60), required=True, filled=True),
)


EXTERNAL_RESPONSES: Kind[ExternalResponseRow] = Kind(
    name="external",
    row=ExternalResponseRow,
    key=lambda row: row.response_id,
    key_column="response_id",
    natural_key=("response_id",),
    id_column="response_id",
    unpivot_into={"touchpoint": "score"},
    rated=("score",),
    check=_check_response,
    columns=(
        Column("response_id", text(200), required=True, filled=True),
        *_SHARED,
        Column("score", number(-LARGEST_SCORE, LARGEST_SCORE), required=True),
        Column("answered_at", TIME, required=True, filled=True, happened=True),
        Column("respondent", text(320)),
        Column("comment", comment(LONGEST_COMMENT)),
    ),
)

EXTERNAL_TOTALS: Kind[ExternalTotalRow] = Kind(
    name="external",
    row=ExternalTotalRow,
    key=lambda row: (row.touchpoint, row.dimension, row.instrument, row.period),
    key_column="period",
    natural_key=("touchpoint", "dimension", "instrument", "period"),
    any_of=(("positive", "positive_share", "mean", "counts", "nps"),),
    check=_check_total,
    columns=(
        *_SHARED,
        Column("period", period, required=True, filled=True),
        Column("positive", whole()),
        Column("positive_share", number(0, 1)),
        Column("mean", number(-LARGEST_SCORE, LARGEST_SCORE)),
        Column("standard_deviation", number(0, LARGEST_SCORE)),
        Column("counts", numbered()),
        Column("nps", number(-100, 100)),
        Column("n", whole()),
        Column("source_url", text(2000)),
    ),
)
