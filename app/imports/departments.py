"""The departments table: the tree, its heads and which touchpoints show a department to customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.foundations.languages import gettext
from app.imports.columns import TIME, Column, email, language, numbered, text, whole
from app.imports.schema import Complaint, Kind

WEIGHT_TOLERANCE = 0.001 + 1e-9  # agreed weights sum to one; 0.5 and 0.499 miss it by no more than that


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """One version of a department, valid from `valid_from` (None: since ever, or from the import on)."""

    line: int
    given: frozenset[str]
    code: str
    name: str
    parent_code: str | None = None
    head_email: str | None = None
    staff_count: int | None = None
    language: str | None = None
    touchpoints: tuple[tuple[str, float], ...] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    successor_code: str | None = None


def _check(row: DepartmentRow) -> Iterator[Complaint]:
    if row.parent_code == row.code:
        yield "parent_code", gettext("a department cannot stand below itself")
    if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
        yield "valid_to", gettext("it ends before it begins (valid_from)")
    weights = [weight for _, weight in row.touchpoints or ()]
    if any(weight <= 0 for weight in weights):
        yield "touchpoints", gettext("every weight must be greater than 0")
    elif weights and abs(sum(weights) - 1) > WEIGHT_TOLERANCE:
        yield "touchpoints", gettext("the weights sum to %(sum)s, not to 1", sum=f"{sum(weights):g}")


DEPARTMENTS: Kind[DepartmentRow] = Kind(
    name="departments",
    row=DepartmentRow,
    key=lambda row: (row.code, row.valid_from),
    key_column="code",
    natural_key=("code", "valid_from"),
    check=_check,
    columns=(
        Column("code", text(200), required=True, filled=True),
        Column("name", text(200), required=True, filled=True),
        Column("parent_code", text(200)),
        Column("head_email", email),
        Column("staff_count", whole()),
        Column("language", language),
        Column("touchpoints", numbered()),
        Column("valid_from", TIME),
        Column("valid_to", TIME),
        Column("successor_code", text(200)),
    ),
)
