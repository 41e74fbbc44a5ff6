"""Invitation and reminder: the two mails that ask a requester about a finished request."""

from dataclasses import dataclass
from datetime import date

from app.domain.instruments import Wording
from app.foundations import formats
from app.foundations.languages import gettext, ngettext, speaking
from app.mail.content.mail import Mail
from app.mail.render import one_line, render, shorten

TITLE_LENGTH = 120  # look.md §5.9: a title is cut, a department's name never
SUBJECT_TITLE_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class SurveyLinks:
    """The addresses of one invitation."""

    page: str
    language: str

    def score(self, score: int) -> str:
        """Opens the page with this rating filled in; opening it stores nothing."""
        return f"{self.page}?score={score}"

    @property
    def opt_out(self) -> str:
        """GET shows a button, POST (RFC 8058) acts."""
        return f"{self.page}/opt-out"

    @property
    def not_mine(self) -> str:
        """What to do about a request that somebody else made."""
        return f"{self.page}/not-mine"

    @property
    def who_sees_what(self) -> str:
        """What is stored, who sees it, until when."""
        return f"{self.page}/who-sees-what?lang={self.language}"


@dataclass(frozen=True, kw_only=True)
class AskedRequest:
    """What a survey mail says about the request and the rules of the survey."""

    recipient_name: str  # empty when the tracker gave none
    title: str
    reference: str  # the tracker's own number, such as IT-4821; may be empty
    department: str
    completed_on: date
    expires_on: date  # last day on which the link works
    released_on: date  # from then on nobody can connect answer and person
    minimum_group_size: int
    quarter_cap: int


def invitation(request: AskedRequest, links: SurveyLinks, words: Wording) -> Mail:
    """Ask how the request was handled."""
    return _survey_mail("invitation", request, links, words)


def reminder(request: AskedRequest, links: SurveyLinks, words: Wording) -> Mail:
    """Ask once more, and say that it is the last time."""
    return _survey_mail("reminder", request, links, words)


def greeting(name: str) -> str:
    """Greet in the language of the moment; the full name avoids guessing a gender."""
    return gettext("Hello %(name)s,", name=one_line(name)) if name else gettext("Hello,")


def _survey_mail(message: str, request: AskedRequest, links: SurveyLinks, words: Wording) -> Mail:
    with speaking(links.language):
        params = _params(request, links, words)
    rendered = render(message, links.language, params)
    return Mail(
        message=message,
        language=links.language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
        unsubscribe=links.opt_out,
    )


def _params(request: AskedRequest, links: SurveyLinks, words: Wording) -> dict[str, object]:
    return {
        "greeting": greeting(request.recipient_name),
        "title": shorten(request.title, TITLE_LENGTH),
        "short_title": shorten(request.title, SUBJECT_TITLE_LENGTH),
        "department": request.department,
        "completed_on": formats.weekday(request.completed_on),
        "expires_on": formats.day(request.expires_on),
        "released_on": formats.full_day(request.released_on),
        "question": words.csat_overall,
        "choices": [(label, links.score(score)) for score, label in enumerate(words.csat_labels, start=1)],
        "confidentiality": words.confidentiality.format(k=request.minimum_group_size),
        "because": _because(request),
        "page": links.page,
        "who_sees_what": links.who_sees_what,
        "not_mine": links.not_mine,
        "opt_out": links.opt_out,
    }


def _because(request: AskedRequest) -> str:
    if request.reference:
        why = gettext(
            "You get this mail because you asked %(department)s for help (%(reference)s).",
            department=request.department,
            reference=request.reference,
        )
    else:
        why = gettext("You get this mail because you asked %(department)s for help.", department=request.department)
    often = ngettext(
        "We ask you at most once a quarter.", "We ask you at most %(num)s times a quarter.", request.quarter_cap
    )
    until = gettext("The link works until %(date)s.", date=formats.day(request.expires_on))
    return f"{why} {often} {until}"
