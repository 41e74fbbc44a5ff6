"""A version of the survey as a requester would meet it, with an invented request: the page, and the mail before it."""

from datetime import date, timedelta

from flask import Response, current_app, make_response

from app.domain.asking_policy import AskingPolicy
from app.domain.instruments import COMMENT_LIMIT, GRID, Item, Questionnaire
from app.foundations import formats
from app.foundations.languages import gettext, speaking
from app.mail.content import AskedRequest, SurveyLinks, invitation
from app.web.survey_frame import calendar, now, settings

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox"
)
REFERENCE = "IT-4821"


def preview_page(asked: Questionnaire, language: str, item: Item, policy: AskingPolicy) -> Response:
    """Render the page with one of the rotating items. Nothing can be sent from it."""
    words, today = asked.wording(language), _today()
    department = settings().company or "IT Support"
    with speaking(language):
        days = {
            "completed_on": formats.day(today - timedelta(days=1)),
            "expires_on": formats.day(today + policy.expiry),
            "released_on": formats.full_day(_released_on(today)),
        }
        html = current_app.jinja_env.get_template("survey/form.html").render(
            **days,
            language=language,
            languages=(),
            base="#",
            nonce="",
            comment="",
            title=gettext("New laptop"),
            reference=REFERENCE,
            dot_after_title=" ·",
            reference_after_title=REFERENCE,
            department_name=department,
            department=words.quote(department),
            chosen=(),
            reasons=frozenset(),
            contact=False,
            kudos=False,
            problems=(),
            tapped=False,
            is_change=False,
            must_confirm=False,
            is_busy=False,
            grid=GRID,
            rotating=item,
            k=policy.minimum_group_size,
            comment_limit=COMMENT_LIMIT,
            words=words,
            is_preview=True,
        )
    return make_response(html)


def preview_mail(asked: Questionnaire, language: str, policy: AskingPolicy, *, as_text: bool) -> Response:
    """Return the invitation: its page, or its text part."""
    today = _today()
    with speaking(language):
        request = AskedRequest(
            recipient_name="",
            title=gettext("New laptop"),
            reference=REFERENCE,
            department=settings().company or "IT Support",
            completed_on=today - timedelta(days=1),
            expires_on=today + policy.expiry,
            released_on=_released_on(today),
            minimum_group_size=policy.minimum_group_size,
            quarter_cap=policy.quarter_cap,
        )
    links = SurveyLinks(page=f"{settings().base_url}/s/preview", language=language)
    mail = invitation(request, links, asked.wording(language))
    if as_text:
        return Response(f"{mail.subject}\n\n{mail.text}", mimetype="text/plain")
    response = make_response(mail.html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _today() -> date:
    return now().astimezone(settings().time_zone).date()


def _released_on(today: date) -> date:
    days = calendar()
    return days.releases_at(days.period_of_day(today)).astimezone(days.time_zone).date()
