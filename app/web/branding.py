"""The company's name, logo and colour on pages, and its name in From; with the contrast that a colour must have."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, url_for
from wtforms import BooleanField, Field, FileField, StringField, ValidationError

from app.domain.auditing import Act
from app.domain.colours import Ground, accent_on, read_colour, too_faint
from app.domain.rights import Action
from app.foundations import formats
from app.foundations.languages import gettext, mark
from app.foundations.logos import LARGEST_FILE, UnusableLogo, redrawn
from app.models.base import db
from app.models.branding import Branding
from app.reports.charts.palettes import DARK, LIGHT
from app.upkeep.audit import log as audit
from app.upkeep.branding import Look, newest_branding, save_branding
from app.web.frame import brand, forms
from app.web.frame import staff as frame
from app.web.frame.access import Who, open_to
from app.web.frame.form_rules import at_most, one_line, storable
from app.web.frame.forms import Outcome, StaffForm
from app.web.frame.installation import now, settings

LARGEST_FORM = 128 * 1024  # bytes
LONGEST_NAME = 60
A_YEAR = "public, max-age=31536000, immutable"  # a version never changes

pages = Blueprint("branding", __name__)
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}), largest=LARGEST_FORM)

_BY_DAY = Ground(surface=LIGHT.surface, sunken=LIGHT.sunken, soft=0.11, hover=LIGHT.ink)
_BY_NIGHT = Ground(surface=DARK.surface, sunken=DARK.sunken, soft=0.16, hover=DARK.ink)

_PLACES = {
    "surface": mark("on the page its contrast is %(ratio)s"),
    "sunken": mark("on a quiet note its contrast is %(ratio)s"),
    "soft": mark("on a tinted panel its contrast is %(ratio)s"),
    "button": mark("the words on a button of it have a contrast of %(ratio)s"),
}
_ACCENT_HINT = mark(
    "For links and buttons, as in #0e5f78. Empty: Parity’s own. The colours of colleagues, customers and verdicts stay."
)
_UNUSABLE = {
    "kind": mark("This is no PNG. Save the logo as PNG and choose it again."),
    "side": mark("This picture is too large. Save it with at most 2048 pixels on each side."),
    "weight": mark("Even small, this picture is too heavy. Choose a simpler one, without a photograph in it."),
}


def _colour(text: str | None) -> str:
    return read_colour(text or "") or storable(text)


def _readable(ground: Ground) -> Any:
    def check(_form: StaffForm, field: Field) -> None:
        if not field.data:
            return
        if read_colour(field.data) is None:
            raise ValidationError(gettext("Write the colour as in #0e5f78."))
        for place, ratio in too_faint(field.data, ground):
            where = gettext(_PLACES[place], ratio=formats.number(round(ratio, 1)))
            sentence = gettext(
                "This cannot be read well: %(where)s, and it needs 4.5. Take a stronger colour.", where=where
            )
            raise ValidationError(sentence)

    return check


def _a_logo(_form: StaffForm, field: FileField) -> None:
    if not field.data:
        return
    content = field.data.read()
    if len(content) > LARGEST_FILE:
        raise ValidationError(gettext("This file is too large. A logo has at most 100 kB."))
    try:
        field.drawn = redrawn(content)
    except UnusableLogo as error:
        raise ValidationError(gettext(_UNUSABLE[str(error)])) from error


class BrandingForm(StaffForm):
    """How the company shows itself."""

    secret = frozenset({"logo"})  # a file cannot be shown again

    company = StringField(mark("Name of the company"), filters=[storable], validators=[at_most(LONGEST_NAME), one_line])
    sender_name = StringField(mark("Sender's name"), filters=[storable], validators=[at_most(LONGEST_NAME), one_line])
    accent = StringField(mark("Colour by day"), filters=[_colour], validators=[_readable(_BY_DAY)])
    accent_dark = StringField(mark("Colour by night"), filters=[_colour], validators=[_readable(_BY_NIGHT)])
    logo = FileField(mark("Logo"), validators=[_a_logo])
    without_logo = BooleanField(mark("Take the logo away"))


@pages.get("/admin/branding")
def show() -> Response:
    """Render the form with what holds."""
    row = newest_branding(db.session())
    return forms.show("branding/branding.html", forms.shown(BrandingForm, _stored(row)), **_around(row))


@pages.post("/admin/branding")
def change() -> Any:
    """Keep a new version, which this process shows at once and the others within a minute."""
    session = db.session()
    row = newest_branding(session)
    sent = forms.sent(BrandingForm, _stored(row))
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return forms.answer("branding/branding.html", sent, **_around(row))
    if sent.outcome is Outcome.GOOD:
        version = _save(sent.form, row)
        frame.noted(Act.BRANDING_CHANGED, "branding", {"version": version})
        session.commit()
        brand.renew()
    return redirect(url_for("branding.show"), 303)


@pages.get("/branding/<int:version>.css")
@open_to(Who.ANYBODY)
def sheet(version: int) -> Response:
    """Return the style sheet of a version: our tokens of action in the company's colours, everything else stays."""
    row = _version(version)
    by_day, by_night = (_tokens(colour, ground) for colour, ground in _colours(row))
    night = f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {by_night} }} }}\n'
    return _kept((f":root {{ {by_day} }}\n" if by_day else "") + (night if by_night else ""), "text/css")


@pages.get("/branding/<int:version>.png")
@open_to(Who.ANYBODY)
def logo(version: int) -> Response:
    """Return the logo of a version."""
    found = _version(version).logo
    if found is None:
        abort(404)
    return _kept(found, "image/png")


def _save(form: BrandingForm, row: Branding | None) -> int:
    drawn = getattr(form.logo, "drawn", None)
    kept = None if form.without_logo.data else row.logo if row else None
    look = Look(
        company=form.company.data,
        sender_name=form.sender_name.data,
        accent=form.accent.data,
        accent_dark=form.accent_dark.data,
        logo=drawn or kept,
    )
    session = db.session()
    author = audit.by_staff(session, frame.viewer().email)
    return save_branding(session, look, author=author, now=now())


def _stored(row: Branding | None) -> Mapping[str, Any]:
    return {
        "company": row.company if row else settings().company,
        "sender_name": row.sender_name if row else "",
        "accent": row.accent if row else "",
        "accent_dark": row.accent_dark if row else "",
        "without_logo": False,
    }


def _around(row: Branding | None) -> dict[str, Any]:
    return {
        "logo": url_for("branding.logo", version=row.version) if row and row.logo else "",
        "sender": settings().mail.sender,
        "otherwise": settings().full_name,
        "accent_hint": gettext(_ACCENT_HINT),
    }


def _version(version: int) -> Branding:
    row = db.session().get(Branding, version)
    if row is None:
        abort(404)
    return row


def _colours(row: Branding) -> tuple[tuple[str, Ground], tuple[str, Ground]]:
    return (row.accent, _BY_DAY), (row.accent_dark, _BY_NIGHT)


def _tokens(colour: str, ground: Ground) -> str:
    if not colour:
        return ""
    found = accent_on(colour, ground)
    return (
        f"--accent: {found.accent}; --accent-hover: {found.hover};"
        f" --on-accent: {found.on}; --accent-soft: {found.soft};"
    )


def _kept(content: bytes | str, mimetype: str) -> Response:
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = A_YEAR
    return response
