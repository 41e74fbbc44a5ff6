"""Forms of staff: what was typed is never lost, and of two who edit at once the second sees what the first changed.

A form is posted to the address that shows it. It carries, signed, the values that it was shown with; whoever sends it
after somebody else saved gets it back with both values beside each other, and decides.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, Form

from app.foundations.crypto import derive
from app.foundations.languages import gettext
from app.web.frame import staff as frame
from app.web.frame.installation import keys
from app.web.frame.kept_forms import forget, kept_values, never_keep

SHOWN = "shown"
_PURPOSE = "form as it was shown"


class Outcome(StrEnum):
    """What became of a form that was sent."""

    GOOD = "good"  # to be saved
    SAME = "same"  # nothing differs from what is stored: nothing to save, nothing to note
    WRONG = "wrong"  # a field needs mending
    CHANGED = "changed"  # somebody else saved meanwhile
    FORGED = "forged"  # sent by a foreign page, or shown too long ago


#: Answers in which the form stands again with everything typed.
STATUS: Mapping[Outcome, int] = {Outcome.WRONG: 422, Outcome.CHANGED: 409, Outcome.FORGED: 400}


class StaffForm(Form):  # type: ignore[misc]
    """The base of every form of staff. Labels are marked where they stand and translated here."""

    secret: ClassVar[frozenset[str]] = frozenset()  # fields that are never shown again, nor kept
    aside: ClassVar[frozenset[str]] = frozenset()  # said with the act, such as why: alone they change nothing

    signed = ""  # what it is shown with, for its hidden field
    is_kept = False  # filled with what was typed in a session that had ended

    def __init_subclass__(cls, **options: Any) -> None:
        """Keep secrets of every form out of what outlives a session."""
        super().__init_subclass__(**options)
        never_keep(cls.secret)

    class Meta:
        """Sentences come from our own catalogues."""

        locales = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = gettext(field.label.text)

    def problems(self) -> list["Problem"]:
        """Return what is wrong, in the order of the fields."""
        return [
            Problem(name, field.label.text, str(found))
            for name, field in self._fields.items()
            for found in field.errors[:1]
        ]

    @property
    def first_problem(self) -> str:
        """The field to go to first; empty where nothing is wrong."""
        return next((problem.field for problem in self.problems()), "")

    def told(self) -> dict[str, Any]:
        """Return the values as they would be stored, by field."""
        return {name: field.data for name, field in self._fields.items()}


@dataclass(frozen=True)
class Problem:
    """A field, what people call it, and a sentence that says how to mend it."""

    field: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """A value that somebody else saved after this form had been shown."""

    label: str
    was: str
    now: str
    yours: str


F = TypeVar("F", bound=StaffForm)


@dataclass(frozen=True)
class Sent(Generic[F]):
    """A form as it was sent, and what is to be done about it."""

    form: F
    outcome: Outcome
    changes: tuple[Change, ...] = ()

    @property
    def status(self) -> int:
        """The status with which the form is shown again."""
        return STATUS[self.outcome]


def shown(form_type: type[F], stored: Mapping[str, Any]) -> F:
    """Return the form as it is shown first: with what was typed in a session that ended, else with what is stored."""
    kept = kept_values(request.path)
    if kept is None or SHOWN not in kept:  # a button of its own beside the form carries none of its fields
        form = form_type(data=dict(stored))
        form.signed = _sign(form, stored)
        return form
    form, before = form_type(kept), kept.get(SHOWN, "")
    form.is_kept = True
    form.signed = before if _as_shown(before) is not None else _sign(form, stored)
    return form


def show(template: str, form: StaffForm, **values: Any) -> Response:
    """Render a page with its form."""
    return frame.page(template, form=form, sent=None, **values)


def sent(form_type: type[F], stored: Mapping[str, Any]) -> Sent[F]:
    """Read the form of this request. `stored` are the values of now, read in the transaction that will write."""
    form = form_type(CombinedMultiDict([request.files, request.form]))
    before = _as_shown(request.form.get(SHOWN, ""))
    now = _open(form, stored)
    form.signed = request.form[SHOWN] if before is not None else _sign(form, stored)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return Sent(form, Outcome.FORGED)
    if not form.validate():
        return Sent(form, Outcome.WRONG)
    forget(request.path)
    has_secret = any(form[name].data for name in form.secret)
    if not has_secret and _open(form, form.told()) == now:
        return Sent(form, Outcome.SAME)
    if before is None:
        return Sent(form, Outcome.FORGED)
    changes = tuple(_changes(form, before, now))
    if changes:
        form.signed = _sign(form, stored)  # whoever presses again has seen what is stored now
    return Sent(form, Outcome.CHANGED if changes else Outcome.GOOD, changes)


def answer(template: str, sent: Sent[Any], **values: Any) -> Response:
    """Render a page whose form was not saved: everything typed stands in it, and why."""
    return frame.page(template, status=sent.status, form=sent.form, sent=sent, **values)


def refused(form: F, field: str, sentence: str) -> Sent[F]:
    """Return a form that only the data behind it could refuse, with the sentence at its field."""
    form[field].errors = [*form[field].errors, sentence]
    return Sent(form, Outcome.WRONG)


def _as_shown(text: str) -> dict[str, Any] | None:
    for signer in _signers():
        try:
            found: dict[str, Any] = signer.loads(text)
        except BadSignature:
            continue
        return found
    return None


def _changes(form: StaffForm, shown: Mapping[str, Any], stored: Mapping[str, Any]) -> list[Change]:
    fields: Mapping[str, Field] = form._fields
    return [
        Change(fields[name].label.text, in_words(shown.get(name)), in_words(value), in_words(fields[name].data))
        for name, value in stored.items()
        if value != shown.get(name) and not (_is_empty(value) and _is_empty(shown.get(name)))
    ]


def _is_empty(value: Any) -> bool:
    """Tell whether there is nothing in a field; a form that gained it since was shown without it."""
    return value in (None, "", [])


def in_words(value: Any) -> str:
    """Return a value of a field as a sentence can name it."""
    if _is_empty(value):
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _open(form: StaffForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the form that may be shown and that are stored, as JSON gives them back."""
    known = {name: values.get(name) for name in form._fields if name not in form.secret | form.aside}
    found: dict[str, Any] = json.loads(json.dumps(known, default=str))
    return found


def _sign(form: StaffForm, stored: Mapping[str, Any]) -> str:
    return str(_signers()[0].dumps(_open(form, stored)))


def _signers() -> list[URLSafeSerializer]:
    return [URLSafeSerializer(derive(secret, _PURPOSE)) for secret in keys().secrets]
