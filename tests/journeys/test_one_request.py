"""One request through all nine rows of docs/architecture.md: from the tracker's hook to answers that lead to nobody."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.instruments import Item
from app.domain.machines import Submission
from app.domain.periods import Period
from app.domain.states import ConnectionSide, DeliveryState, InvitationState
from app.jobs.deliveries import process_deliveries
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.quarters import freeze_due, post_due, release_due, roll_up
from app.models.base import Base
from app.models.deliveries import Delivery
from app.models.invitations import Invitation
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt, ReleasedResponse
from app.models.rollups import CellCount
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline import responses
from app.pipeline.scorecards.recipients import local_morning
from app.pipeline.scorecards.sending import posting_day
from app.upkeep.connections.adding import Credentials, add_connection
from tests.builders.departments import department, touchpoint
from tests.builders.external_scores import external_total
from tests.conftest import ALICE, BOB
from tests.journeys.conftest import Company, next_morning, post_signed

OpenPage = Callable[..., Page]

PHONE = {"width": 360, "height": 740}
A_MOMENT = 2_200  # milliseconds: longer than the two seconds below which an answer is held back
A_DAY = timedelta(days=1)
COLLEAGUES = tuple(f"colleague{number:02d}@example.com" for number in range(11))
LOOK = Submission(page_age=timedelta(seconds=24), script_ran=True, trusted_input=True)


@pytest.fixture
def tracker(company: Company) -> Credentials:
    """Bob at the head of IT, what customers say of IT's portal, and a tracker that signs what it posts."""
    session = company.database.session
    root = department(session, "COMPANY", staff_count=200)
    bobs = department(session, "IT", parent=root, name="IT Support", head_email=BOB.email)
    touchpoint(session, bobs, "portal")
    period = company.calendar.period_of(datetime.now(UTC) - A_DAY)
    external_total(session, "portal", str(period), counts={"2": 20, "4": 60, "5": 120}, n=200)
    credentials = add_connection(
        session,
        company.keys,
        slug="desk",
        side=ConnectionSide.TRACKER,
        kind="signed",
        settings={},
        base_url="http://127.0.0.1:8000",
        now=datetime.now(UTC),
    )
    session.commit()
    return credentials


def _completed(email: str, completed_at: datetime) -> dict[str, object]:
    return {
        "event": "completed",
        "external_id": email,
        "title": "VPN access from home drops",
        "requester": {"email": email, "name": email.split("@", maxsplit=1)[0].title()},
        "department": "IT",
        "created_at": (completed_at - timedelta(hours=9)).isoformat(),
        "completed_at": completed_at.isoformat(),
    }


def _count(company: Company, table: type[Base]) -> int:
    return int(company.rows(select(func.count()).select_from(table))[0])


def _decisions(company: Company, external_id: str) -> list[str]:
    return company.rows(
        select(RequestCycle.decision)
        .join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        .where(ServiceRequest.external_id == external_id)
    )


def _answer_in_the_browser(page: Page, link: str) -> None:
    page.goto(f"{link}?score=5")
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Send answer").tap()
    page.get_by_text("Your answer is in. Thank you.").wait_for()


def _colleagues_answer(company: Company, now: datetime) -> None:
    for number, email in enumerate(COLLEAGUES):
        token = company.survey_link(company.mails_to(email)[0]).rsplit("/", maxsplit=1)[1]
        values: dict[Item, int | None] = {Item.CSAT_OVERALL: 4 + number % 2, Item.TIMELINESS: 3}
        with company.database.sessions.begin() as session:
            invitation = responses.open(session.connection(), company.keys, company.calendar, token, now=now)
            answers = replace(responses.Answers(values={}), values=values)
            responses.submit(session.connection(), company.keys, company.calendar, invitation, answers, LOOK, now=now)


def test_one_request_goes_from_the_hook_to_a_scorecard_and_leads_to_nobody(
    company: Company, tracker: Credentials, open_page: OpenPage
) -> None:
    work = company.installation
    posted = datetime.now(UTC)
    completed_at = posted - A_DAY
    period = company.calendar.period_of(completed_at)

    # 1  the tracker posts; the body is stored, then read
    statuses = {post_signed(company, tracker, _completed(email, completed_at)) for email in (ALICE.email, *COLLEAGUES)}
    assert statuses == {202}
    assert process_deliveries(work, now=posted) == 12
    assert set(company.rows(select(Delivery.state))) == {DeliveryState.PROCESSED}

    # 2, 3  decided, and the invitation written, on the next working morning
    morning = next_morning(posted)
    assert run_invitations(work, now=posted) + run_invitations(work, now=morning) == 12
    assert _decisions(company, ALICE.email) == [DecisionReason.INVITED]

    # 4  posted
    assert deliver_mail(work, now=morning + timedelta(minutes=1)).sent == 12
    assert [str(mail["Subject"]) for mail in company.mails_to(ALICE.email)] == [
        "How was this handled? VPN access from home drops"
    ]

    # 5  Alice taps the five in her mail and answers on her phone
    noon = morning + timedelta(hours=3)
    company.turn_clock(noon)
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    _answer_in_the_browser(page, company.survey_link(company.mails_to(ALICE.email)[0]))
    _colleagues_answer(company, noon)
    assert (_count(company, HeldResponse), _count(company, ResponseLink)) == (12, 12)

    _the_quarter_closes(company, period, noon)


def _the_quarter_closes(company: Company, period: Period, noon: datetime) -> None:
    work = company.installation

    # 6  sums
    roll_up(work, now=noon + timedelta(minutes=10))
    whole = select(CellCount.requesters).where(CellCount.cut == "all", CellCount.is_own.is_(False)).distinct()
    assert company.rows(whole) == [12]

    # 7  frozen on its day
    freezes_at = company.calendar.freezes_at(period)
    assert freeze_due(work, now=freezes_at - timedelta(seconds=1)) == 0
    assert freeze_due(work, now=freezes_at) == 2  # IT and the company

    # 8  posted to Bob with picture, document and link
    posts_at = local_morning(posting_day(company.calendar, AskingPolicy(), period), company.calendar.time_zone)
    assert post_due(work, now=posts_at) == 1
    deliver_mail(work, now=posts_at)
    (mail,) = company.mails_to(BOB.email)
    kinds = {part.get_content_type(): part for part in mail.walk()}
    assert kinds["image/png"].get_content().startswith(b"\x89PNG")
    assert kinds["application/pdf"].get_content().startswith(b"%PDF")
    assert re.search(rf"{company.settings.base_url}/scorecards/{period}/IT\b", str(mail.get_body(("plain",))))

    # 9  released: no link, no salt, no held answer is left
    assert release_due(work, now=company.calendar.releases_at(period)) == 1
    assert [_count(company, table) for table in (HeldResponse, HeldAnswer, ResponseLink, QuarterSalt)] == [0, 0, 0, 0]
    assert _count(company, ReleasedResponse) == 12
    assert set(company.rows(select(Invitation.state))) == {InvitationState.CLOSED}
