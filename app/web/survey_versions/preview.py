"""A version of the survey as a requester would meet it, with an invented request: the page, and the mail before it."""

from datetime import date, timedelta

from flask import Response, current_app, make_response

from app.domain.asking_policy import AskingPolicy
from app.domain.instruments import COMMENT_LIMIT, GRID, Item, Questionnaire
from app.foundations import formats
from app.foundations.languages import gettext, speaking
from app.mail.content import AskedRequest, Mail, SurveyLinks, invitation
from app.upkeep.surveys import Draft
from app.web.frame.installation import calendar, now, settings

REFERENCE = "IT-4821"


def preview_page(draft: Draft, language: str, item: Item, policy: AskingPolicy, address: str) -> Response:
    """Render the page with one of the rotating items. Nothing can be sent from it; its links lead below `address`."""
    words, today = draft.questionnaire.wording(language), _today()
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
            base=address,
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
            preview_of=draft,
        )
    return make_response(html)


def preview_mail(asked: Questionnaire, language: str, policy: AskingPolicy, address: str) -> Mail:
    """Return the invitation; its links lead below `address`, never to a survey."""
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
    links = SurveyLinks(page=f"{settings().base_url}{address}", language=language)
    return invitation(request, links, asked.wording(language))


def _today() -> date:
    return now().astimezone(settings().time_zone).date()


def _released_on(today: date) -> date:
    days = calendar()
    return days.releases_at(days.period_of_day(today)).astimezone(days.time_zone).date()
