"""What a requester may send: checked here, so that a wrong value is named and nothing typed is lost."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from wtforms import BooleanField, Field, Form, StringField, TextAreaField, ValidationError

from app.domain.characters import readable
from app.domain.instruments import ALWAYS_ASKED, COMMENT_LIMIT, FIVE_POINTS, Item, Reason
from app.foundations.languages import gettext, ngettext
from app.pipeline.responses import Answers

NOT_APPLICABLE = "na"
_POINTS = {str(point): point for point in FIVE_POINTS.points}


def _storable(text: str | None) -> str:
    """Browsers send CR LF for every line end, which the limit counts once; no reader is sent what nobody reads."""
    return readable(text or "").strip()


def _a_choice(_form: Form, field: StringField) -> None:
    if field.data and field.data != NOT_APPLICABLE and field.data not in _POINTS:
        raise ValidationError(gettext("This is none of the choices. Choose one of them, or leave it open."))


def _a_rating(_form: Form, field: StringField) -> None:
    if not field.data:
        raise ValidationError(gettext("Choose one of the five answers."))
    if field.data not in _POINTS:
        raise ValidationError(gettext("This is none of the five answers. Choose one of them."))


def _short_enough(_form: Form, field: TextAreaField) -> None:
    over = len(field.data) - COMMENT_LIMIT
    if over > 0:
        raise ValidationError(
            ngettext(
                "Your comment is %(num)s character too long; there is room for %(limit)s. Shorten it and send again.",
                "Your comment is %(num)s characters too long; there is room for %(limit)s. Shorten it and send again.",
                over,
                limit=COMMENT_LIMIT,
            )
        )


class SeveralField(Field):  # type: ignore[misc]
    """Everything sent under one name. Our template draws the boxes, so no list of choices is built for each form."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the values as they were sent."""
        self.data = valuelist


class AnswerForm(Form):  # type: ignore[misc]
    """The fields of every survey page. Browser and server agree on the names of items."""

    rotating: Item | None = None  # the one that this page asks besides, see `form_about`

    class Meta:
        """Sentences come from our own catalogues."""

        locales = False

    csat_overall = StringField(validators=[_a_rating])
    timeliness = StringField(validators=[_a_choice])
    result_quality = StringField(validators=[_a_choice])
    communication = StringField(validators=[_a_choice])
    reason = SeveralField()
    contact = BooleanField()
    kudos = BooleanField()
    comment = TextAreaField(filters=[_storable], validators=[_short_enough])

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items of this page."""
        return (*ALWAYS_ASKED, self.rotating) if self.rotating else ALWAYS_ASKED

    def answers(self, language: str) -> Answers:
        """Return what was sent, once it is valid."""
        values = {item: _POINTS.get(self[item.value].data) for item in self.asked if self[item.value].data}
        known = set(self.reason.data or ())
        return Answers(
            values=values,
            reasons=tuple(reason for reason in Reason if reason.value in known),
            comment=self.comment.data or None,
            wants_contact=self.contact.data,
            thanks=self.kudos.data,
            language=language,
        )

    def typed(self) -> dict[str, Any]:
        """Return everything as it was sent, for showing the page again."""
        points: Mapping[str, Any] = _POINTS
        chosen = {item.value: self[item.value].data for item in self.asked}
        return {
            "values": {name: points.get(data, data) for name, data in chosen.items()},
            "reasons": set(self.reason.data or ()),
            "comment": self.comment.data,
            "contact": self.contact.data,
            "kudos": self.kudos.data,
        }

    def problems(self) -> dict[str, str]:
        """Return one sentence per field that is wrong."""
        return {name: found[0] for name, found in self.errors.items()}


@cache
def form_about(rotating: Item | None) -> type[AnswerForm]:
    """Return the form of the pages that ask `rotating`: what a page did not ask is no field of its form."""
    if rotating is None:
        return AnswerForm
    fields = {"rotating": rotating, rotating.value: StringField(validators=[_a_choice])}
    return type(f"AnswerFormAbout{rotating.name.title()}", (AnswerForm,), fields)
