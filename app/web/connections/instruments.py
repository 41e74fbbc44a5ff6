"""Questions that somebody else asks customers: what is known, and one more, which never changes under its name."""

from typing import Any

from flask import redirect, request, url_for
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms import Field as AnyField
from wtforms import Form as AnyForm

from app.domain.auditing import Act
from app.domain.instruments import Construct, Mode, Moment
from app.foundations.languages import gettext, mark
from app.models.base import db
from app.models.instruments import known_instruments
from app.upkeep.connections.instruments import InstrumentRefused, add_instrument
from app.web.connections.one import pages
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.form_rules import at_most, needed, one_line, one_of, storable, whole
from app.web.frame.forms import Outcome
from app.web.frame.installation import now

FRESH = {"construct": Construct.SATISFACTION.value, "mode": "", "moment": "", "lowest": "1", "highest": "5"}
MOST_POINTS = 1000

_CONSTRUCTS = {
    Construct.SATISFACTION: mark("how satisfied customers are"),
    Construct.EFFORT: mark("how much effort it took them"),
    Construct.RECOMMENDATION: mark("whether they recommend us"),
    Construct.APPROVAL: mark("a thumb up or down"),
    Construct.SHARE: mark("a share whose question is not known"),
    Construct.OTHER: mark("something else"),
}
_MODES = {
    Mode.LINK: mark("a page behind a link, as ours"),
    Mode.IN_APP: mark("within an application"),
    Mode.PAPER: mark("on paper"),
    Mode.PHONE: mark("on the phone"),
    Mode.INTERVIEW: mark("in an interview"),
    Mode.OTHER: mark("in another way"),
}
_MOMENTS = {
    Moment.COMPLETION: mark("within days of the service, as ours"),
    Moment.LATER: mark("weeks or months later"),
    Moment.REGULAR: mark("on fixed dates"),
}


def written_as_labels(_form: AnyForm, field: AnyField) -> None:
    """Refuse lines that name no point."""
    if any(not _label(line) for line in (field.data or "").splitlines() if line.strip()):
        raise ValidationError(gettext("Write one label a line, as in 1=Poor."))


class InstrumentForm(forms.StaffForm):
    """A question of another tool: its scale, what it measures, how and when it is asked."""

    name = StringField(
        mark("Name"), [needed(mark("Give it a name, such as helpdesk5.")), at_most(60), one_line], filters=[storable]
    )
    construct = StringField(mark("It asks"), [one_of(tuple(Construct))], filters=[storable])
    lowest = StringField(mark("Lowest point"), [whole(0, MOST_POINTS)], filters=[storable])
    highest = StringField(mark("Highest point"), [whole(0, MOST_POINTS)], filters=[storable])
    is_reversed = BooleanField(mark("The lowest point is the best answer"))
    labels = TextAreaField(mark("What the points are called"), [at_most(4000), written_as_labels], filters=[storable])
    mode = StringField(mark("How it reaches customers"), [one_of(("", *Mode))], filters=[storable])
    moment = StringField(mark("When it is asked"), [one_of(("", *Moment))], filters=[storable])
    notes = StringField(mark("What readers should know of it"), [at_most(300), one_line], filters=[storable])


@pages.route("/instruments", methods=["GET", "POST"])
def instruments() -> Any:
    """List what is known, and take one more."""
    if request.method == "GET":
        form = forms.shown(InstrumentForm, FRESH)
        return forms.show("connections/instruments.html", form, is_saved="saved" in request.args, **_values())
    sent = forms.sent(InstrumentForm, FRESH)
    if sent.outcome is Outcome.GOOD:
        told = sent.form.told()
        try:
            is_new = _added(told)
        except InstrumentRefused as refused:
            sent = forms.refused(sent.form, "name", str(refused))
        else:
            if is_new:
                details = {"points": f"{told['lowest']}..{told['highest']}", "reverse": told["is_reversed"]}
                frame.noted(Act.INSTRUMENT_ADDED, f"instrument:{told['name']}", details)
            db.session.commit()
            return redirect(url_for("connections.instruments", saved=1), 303)
    return forms.answer("connections/instruments.html", sent, is_saved=False, **_values())


def _added(told: dict[str, Any]) -> bool:
    return add_instrument(
        db.session(),
        name=told["name"],
        lowest=int(told["lowest"]),
        highest=int(told["highest"]),
        is_reversed=told["is_reversed"],
        construct=Construct(told["construct"]),
        labels=dict(filter(None, map(_label, told["labels"].splitlines()))) or None,
        mode=Mode(told["mode"]) if told["mode"] else None,
        moment=Moment(told["moment"]) if told["moment"] else None,
        notes=told["notes"] or None,
        now=now(),
    )


def _label(line: str) -> tuple[str, str] | None:
    point, equals, words = line.partition("=")
    return (point.strip(), words.strip()) if equals and point.strip() and words.strip() else None


def _values() -> dict[str, Any]:
    known = sorted(known_instruments(db.session()).items())
    return {
        "known": known,
        "construct_in_words": lambda construct: gettext(_CONSTRUCTS[construct]),
        "constructs": [(one.value, gettext(words)) for one, words in _CONSTRUCTS.items()],
        "modes": [("", gettext("not known")), *((one.value, gettext(words)) for one, words in _MODES.items())],
        "moments": [("", gettext("not known")), *((one.value, gettext(words)) for one, words in _MOMENTS.items())],
    }
