"""The forms about versions of the survey: which rotating items are asked, the words of a language, and publishing."""

from collections.abc import Mapping
from typing import Any

from wtforms import StringField, TextAreaField, ValidationError

from app.domain.instruments import ROTATING
from app.domain.instruments.wording_json import TEXTS, faults_of
from app.foundations.languages import gettext, mark
from app.web.frame.form_rules import at_most, needed, storable
from app.web.frame.forms import StaffForm
from app.web.survey.forms import SeveralField
from app.web.survey_versions.texts import fault_in_words, text_name

LONGEST_REASON = 500


def _ordered(names: list[str] | None) -> list[str]:
    known = [item.value for item in ROTATING if item.value in (names or ())]
    return known + sorted(set(names or ()) - set(known))


class RotatingForm(StaffForm):
    """Which of the rotating items a version asks."""

    rotating = SeveralField(mark("Each survey asks one of these"), filters=[_ordered])

    def validate_rotating(self, field: SeveralField) -> None:
        """Ask for one at least, of those that there are."""
        if not field.data or set(field.data) - {item.value for item in ROTATING}:
            raise ValidationError(gettext("Tick at least one."))


class WordingForm(StaffForm):
    """The words of one language; the fields are put in below, one a text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self[name].label.text = text_name(name)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Hold all texts against what the survey needs of them, together: two points may not say the same."""
        super().validate(extra_validators)
        faults = list(faults_of(self.told()))
        for fault in faults:
            self[fault.field].errors = [fault_in_words(fault)]
        return not faults


for _name in TEXTS:
    setattr(WordingForm, _name, StringField(filters=[storable]))


class PublishForm(StaffForm):
    """Why a version is published."""

    reason = TextAreaField(
        mark("Why this version?"),
        filters=[storable],
        validators=[
            needed(mark("Say why. Whoever looks at a broken trend line later will ask.")),
            at_most(LONGEST_REASON),
        ],
    )
