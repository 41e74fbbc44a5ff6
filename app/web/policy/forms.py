"""The form of the asking policy, made from its fields; what is wrong is said beside the field, with how to mend it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError

from app.domain.asking_policy import Weekday
from app.domain.asking_policy_json import PolicyError, PolicyFault, PolicyProblem, policy_from_json
from app.foundations.languages import gettext, mark
from app.web.frame.form_rules import at_most, one_of, storable
from app.web.frame.forms import StaffForm
from app.web.policy.fields import CHOICES, FIELDS, Kind, PolicyField
from app.web.policy.texts import canonical, document_of, field_of, lines, number_of, number_text, target_line
from app.web.survey.forms import SeveralField

LONGEST_LIST = 4000  # characters of holidays or departments
LONGEST_REASON = 500

_PERCENT = 100


def _a_number(_form: StaffForm, field: Field) -> None:
    if number_of(field.data or "") is None:
        raise ValidationError(gettext("Write a number, as in 7 or 0.5."))


def _a_number_or_nothing(form: StaffForm, field: Field) -> None:
    if field.data:
        _a_number(form, field)


def _dates(_form: StaffForm, field: Field) -> None:
    for line in lines(field.data):
        try:
            date.fromisoformat(line)
        except ValueError:
            sentence = gettext("“%(text)s” is no day. Write one a line, as in 2026-12-25.", text=line)
            raise ValidationError(sentence) from None


def _targets(_form: StaffForm, field: Field) -> None:
    for line in lines(field.data):
        if target_line(line) is None:
            sentence = gettext("“%(text)s” cannot be read. Write code, on time, satisfied, as in: IT 85 75", text=line)
            raise ValidationError(sentence)


def _days(_form: StaffForm, field: Field) -> None:
    if not field.data or set(field.data) - set(Weekday):
        raise ValidationError(gettext("Tick at least one day."))


def _listed(text: str | None) -> str:
    """Return a list in the order in which it is stored, so that an order of one's own is no change."""
    return "\n".join(sorted(set(lines(storable(text)))))


def _ticked(days: list[str] | None) -> list[str]:
    known = [str(day) for day in Weekday if day in (days or ())]
    return known + sorted(set(days or ()) - set(known))


_MAKERS: Mapping[Kind, Callable[[PolicyField], Field]] = {
    Kind.NUMBER: lambda field: StringField(field.label, filters=[canonical], validators=[_a_number]),
    Kind.NUMBER_OR_NOTHING: lambda field: StringField(
        field.label, filters=[canonical], validators=[_a_number_or_nothing]
    ),
    Kind.SHARE: lambda field: StringField(field.label, filters=[canonical], validators=[_a_number]),
    Kind.YES_NO: lambda field: BooleanField(field.label),
    Kind.DAYS_OF_WEEK: lambda field: SeveralField(field.label, filters=[_ticked], validators=[_days]),
    Kind.DATES: lambda field: TextAreaField(field.label, filters=[_listed], validators=[at_most(LONGEST_LIST), _dates]),
    Kind.CODES: lambda field: TextAreaField(field.label, filters=[_listed], validators=[at_most(LONGEST_LIST)]),
    Kind.TARGETS: lambda field: TextAreaField(
        field.label, filters=[_listed], validators=[at_most(LONGEST_LIST), _targets]
    ),
    Kind.CHOICE: lambda field: StringField(field.label, validators=[one_of(CHOICES[field.name])]),
}


class PolicyForm(StaffForm):
    """Every field of the policy, and why it is changed; the fields are put in below, from their table."""

    reason: TextAreaField

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check each field, and then what the policy says of all of them together."""
        if not super().validate(extra_validators):
            return False
        try:
            policy_from_json(document_of(self.told()))
        except PolicyError as error:
            self.blame(error.faults)
            return False
        return True

    def blame(self, faults: Iterable[PolicyFault]) -> None:
        """Say beside each field what the policy finds wrong with it."""
        for fault in faults:
            name = fault.field if fault.field in FIELDS else _wrong_target(self, fault)
            self[name].errors = [*self[name].errors, _in_words(name, fault)]


for _name, _field in FIELDS.items():
    setattr(PolicyForm, _name, _MAKERS[_field.kind](_field))
PolicyForm.reason = TextAreaField(mark("Why this change?"), filters=[storable], validators=[at_most(LONGEST_REASON)])


class SwitchOnForm(PolicyForm):
    """A policy that is to hold from now on, which needs a reason."""

    def validate_reason(self, field: Field) -> None:
        """Ask why."""
        if not field.data:
            raise ValidationError(gettext("Say why. It is kept with the version, and whoever looks later will ask."))


def _wrong_target(form: StaffForm, fault: PolicyFault) -> str:
    """Return which of the two targets is out of bounds: the policy speaks of them as one field."""
    value = fault.params.get("value")
    on_time = number_of(form[field_of("targets")].data or "")
    is_on_time = on_time is not None and on_time / _PERCENT == value
    return field_of("targets", "on_time" if is_on_time else "satisfaction")


def _in_words(name: str, fault: PolicyFault) -> str:
    params = fault.params
    is_share = FIELDS[name].kind in {Kind.SHARE, Kind.TARGETS}
    match fault.problem:
        case PolicyProblem.OUT_OF_BOUNDS:
            low, high = (_number(params[bound], is_share) for bound in ("least", "most"))
            return gettext("Write a number from %(low)s to %(high)s.", low=low, high=high)
        case PolicyProblem.NOT_WHOLE:
            return gettext("Write a whole number.")
        case PolicyProblem.UNKNOWN_DEPARTMENT:
            return gettext("There is no department “%(code)s”.", code=params["value"])
        case PolicyProblem.MUST_BE_AFTER:
            other, least = FIELDS[str(params["other"])], _number(params["least"], is_share)
            sentence = mark("This has to be more than “%(other)s” (%(least)s).")
            return gettext(sentence, other=gettext(other.label), least=least)
        case _:
            return gettext("This cannot be read. Look at the example above.")


def _number(value: Any, is_share: bool) -> str:
    return number_text(float(value) * _PERCENT if is_share else float(value))
