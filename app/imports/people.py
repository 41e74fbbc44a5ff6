"""The people table: who belongs to which department, since when, and in which language we write to them."""

from dataclasses import dataclass
from datetime import datetime

from app.imports.columns import TIME, Column, email, language, text, time_zone
from app.imports.schema import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One version of a person, valid from `valid_from` (None: since ever, or from the import on)."""

    line: int
    given: frozenset[str]
    email: str
    name: str
    department_code: str
    language: str | None = None
    time_zone: str | None = None
    valid_from: datetime | None = None


PEOPLE: Kind[PersonRow] = Kind(
    name="people",
    row=PersonRow,
    key=lambda row: (row.email, row.valid_from),
    key_column="email",
    natural_key=("email", "valid_from"),
    columns=(
        Column("email", email, required=True, filled=True),
        Column("name", text(200), required=True, filled=True),
        Column("department_code", text(60), required=True, filled=True),
        Column("language", language),
        Column("time_zone", time_zone),
        Column("valid_from", TIME),
    ),
)
