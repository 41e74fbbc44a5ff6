"""What a tracker's values and keys mean: departments that it names in its own way, requesters whom it hides."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from wtforms import Field as AnyField
from wtforms import Form as AnyForm
from wtforms import StringField, ValidationError

from app.domain.auditing import Act
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext
from app.models.base import db
from app.models.connections import Connection
from app.pipeline.intake.people import adopt_addresses
from app.pipeline.intake.provider import find_named_department
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import change_settings
from app.upkeep.connections.unmapped import Unmapped, known_departments, strangers_among, unmapped_of
from app.upkeep.connections.words import kind_in_words
from app.web.connections.one import found, pages
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.form_rules import an_address, at_most, one_line, storable
from app.web.frame.forms import Outcome
from app.web.frame.installation import keys, now

MOST = 100  # rows of each kind on a page: the most frequent, then what is mapped already
DEPARTMENTS, REQUESTERS = "departments", "requesters"


@dataclass(frozen=True)
class Row:
    """One value of the tool: the field that asks for its meaning, how often it was told, what it means so far."""

    table: str
    value: str
    requests: int  # 0 for what is mapped and leads somewhere
    means: str
    is_unknown: bool = False  # what it means is no department here, or an address that no table of people names

    @property
    def field(self) -> str:
        """The name of its field: the value may hold anything."""
        return f"{self.table}_{hashlib.sha256(self.value.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


@pages.route("/<slug>/mapping", methods=["GET", "POST"])
def mapping(slug: str) -> Any:
    """Render what is not mapped and what is, and take what it means."""
    connection, _ = found(slug, lock=request.method == "POST")
    if connection.side is not ConnectionSide.TRACKER:
        abort(404)
    unmapped = unmapped_of(db.session(), connection, now=now())
    rows = [*_rows(connection, unmapped, DEPARTMENTS), *_rows(connection, unmapped, REQUESTERS)]
    form_type, stored = _form(rows), {row.field: row.means for row in rows}
    values = {"connection": connection, "kind": kind_in_words(connection.kind), "rows": rows}
    if request.method == "GET":
        is_saved = "saved" in request.args
        return forms.show("connections/mapping.html", forms.shown(form_type, stored), is_saved=is_saved, **values)
    sent = forms.sent(form_type, stored)
    if sent.outcome is Outcome.GOOD:
        changed = _tables(connection, rows, sent.form)
        change_settings(db.session(), keys(), slug, changed)
        adopt_addresses(db.session(), connection)
        frame.noted(Act.CONNECTION_CHANGED, connection_subject(connection), {"settings": sorted(changed)})
        db.session.commit()
    if sent.outcome in (Outcome.GOOD, Outcome.SAME):
        return redirect(url_for("connections.mapping", slug=slug, saved=1), 303)
    return forms.answer("connections/mapping.html", sent, is_saved=False, **values)


def _rows(connection: Connection, unmapped: Unmapped, table: str) -> Iterator[Row]:
    """Yield what is not mapped, the most frequent first, then what is: first what leads nowhere."""
    told = unmapped.departments if table == DEPARTMENTS else unmapped.requesters
    known: Mapping[str, str] = connection.settings.get(table) or {}
    unknown = _unknown(table, set(known.values()))
    mapped = [Row(table, value, told.get(value, 0), means, means in unknown) for value, means in sorted(known.items())]
    yield from [Row(table, value, count, "") for value, count in told.items() if value not in known][:MOST]
    yield from sorted(mapped, key=lambda row: not row.is_unknown)[:MOST]


def _unknown(table: str, meanings: set[str]) -> set[str]:
    if table == DEPARTMENTS:
        return meanings - known_departments(db.session(), meanings, now=now())
    return strangers_among(db.session(), meanings)


def _form(rows: list[Row]) -> type[forms.StaffForm]:
    fields = {
        row.field: StringField(
            row.value,
            [at_most(254), one_line, _a_department if row.table == DEPARTMENTS else _a_person],
            filters=[storable],
        )
        for row in rows
    }
    return type("MappingForm", (forms.StaffForm,), fields)


def _tables(connection: Connection, rows: list[Row], form: forms.StaffForm) -> dict[str, dict[str, str]]:
    """Return the tables that change, whole: what is not on the page stays, what was emptied goes."""
    changed: dict[str, dict[str, str]] = {}
    for row in rows:
        means = form[row.field].data
        if means == row.means:
            continue
        table = changed.setdefault(row.table, dict(connection.settings.get(row.table) or {}))
        table.pop(row.value, None)
        if means:
            table[row.value] = means
    return changed


def _a_department(_form: AnyForm, field: AnyField) -> None:
    if field.data and find_named_department(db.session(), field.data, now()) is None:
        raise ValidationError(gettext("No department here has this code or name. Add it first, or correct it."))


def _a_person(form: AnyForm, field: AnyField) -> None:
    if field.data:
        an_address(form, field)
