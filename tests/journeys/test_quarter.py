"""A quarter of a small company: asked by the rules, frozen once, late answers in a second revision, then sealed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.asking_policy import AskingPolicy
from app.domain.instruments import Item
from app.domain.machines import Submission
from app.domain.periods import Period
from app.domain.states import ConnectionSide
from app.imports.faults import RowsRefused
from app.imports.responses import ResponseRow
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.quarters import freeze_due, release_due
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.responses import HeldResponse, ReleasedResponse
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import RequestCycle
from app.pipeline import responses, scorecards
from app.pipeline.responses.history import record_history
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request, connection
from tests.journeys.conftest import Company, next_morning

QUARTER = Period(2026, 3)
FIRST_DAY = datetime(2026, 7, 1, 10, tzinfo=UTC)
PEOPLE = 24
LOOK = Submission(page_age=timedelta(seconds=24), script_ran=True, trusted_input=True)


@pytest.fixture
def mornings(company: Company) -> list[datetime]:
    """Two departments and the people who ask them for something on 48 days; returns the mornings of the quarter."""
    with company.database.sessions.begin() as session:
        root = department(session, "COMPANY", staff_count=200)
        places = [department(session, code, parent=root) for code in ("IT", "SITE")]
        sales = department(session, "SALES", parent=root)
        people = [person(session, f"p{number:02d}@example.com", works_in=sales) for number in range(PEOPLE)]
        connection(session, "forms", ConnectionSide.SCORES)
        for number in range(2 * PEOPLE):
            at = FIRST_DAY + timedelta(days=number)
            completed_request(session, places[number % 2], people[number % PEOPLE], at)
    return list(_working_mornings())


def _working_mornings() -> Iterator[datetime]:
    moment = FIRST_DAY
    while moment < FIRST_DAY + timedelta(days=56):
        moment = next_morning(moment)
        yield moment


def _live_through(company: Company, mornings: list[datetime]) -> None:
    """Invite, deliver and answer, day by day; every answer comes at noon, from everybody who was asked."""
    for morning in mornings:
        run_invitations(company.installation, now=morning)
        deliver_mail(company.installation, now=morning + timedelta(minutes=1))
        asked = company.rows(select(Invitation.public_id).where(Invitation.created_at == morning))
        for public_id in asked:
            _answer(company, public_id, morning + timedelta(hours=3))


def _answer(company: Company, public_id: bytes, at: datetime) -> None:
    token = company.keys.token(responses.SURVEY_TOKEN, public_id)
    with company.database.sessions.begin() as session:
        invitation = responses.open(session.connection(), company.keys, company.calendar, token, now=at)
        answers = responses.Answers(values={Item.CSAT_OVERALL: 4})
        responses.submit(session.connection(), company.keys, company.calendar, invitation, answers, LOOK, now=at)


def _import_late_answers(company: Company, prefix: str, now: datetime, count: int = 8) -> None:
    """Answers of people whom nobody had heard, gathered by another tool: all of them are dissatisfied with IT."""
    values = {"provider_department": "IT", "completed_at": FIRST_DAY + timedelta(days=50), "csat_overall": 1}
    given = frozenset({*values, "response_id", "requester"})
    rows = [
        ResponseRow(line=n, given=given, response_id=f"{prefix}{n}", requester=f"{prefix}{n}@example.com", **values)  # type: ignore[arg-type]
        for n in range(count)
    ]
    with company.database.sessions.begin() as session:
        source = connection(session, "forms", ConnectionSide.SCORES)
        record_history(session, rows, source=source, calendar=company.calendar, keys=company.keys, now=now)


def _shares(company: Company, code: str) -> dict[int, tuple[float, int]]:
    """Return share and n of each revision of a department."""
    query = select(ScorecardRevision).join(Department).where(Department.code == code)
    found: dict[int, tuple[float, int]] = {}
    for row in company.rows(query):
        share: dict[str, Any] = json.loads(row.document)["internal"]["csat_overall"]["top_two_box"]
        found[row.revision] = (share["estimate"], share["n"])
    return found


def test_late_answers_reach_the_second_revision_only(company: Company, mornings: list[datetime]) -> None:
    freezes_at, releases_at = company.calendar.freezes_at(QUARTER), company.calendar.releases_at(QUARTER)
    _live_through(company, mornings)

    freeze_due(company.installation, now=freezes_at)
    issued = {code: _shares(company, code) for code in ("IT", "SITE")}
    _import_late_answers(company, "late", freezes_at + timedelta(days=3))
    freeze_due(company.installation, now=freezes_at + timedelta(days=3))
    frozen_again = _shares(company, "IT")
    release_due(company.installation, now=releases_at)

    answered = issued["IT"][1][1]
    assert issued == {"IT": {1: (1.0, answered)}, "SITE": {1: issued["SITE"][1]}}
    assert frozen_again == issued["IT"]
    assert _shares(company, "IT") == {
        1: (1.0, answered),
        2: (round(answered / (answered + 8), 2), answered + 8),
    }
    assert _shares(company, "SITE") == issued["SITE"]


def test_every_request_of_the_quarter_has_one_decision(company: Company, mornings: list[datetime]) -> None:
    _live_through(company, mornings)

    decisions = company.rows(select(RequestCycle.decision))
    asked = company.rows(select(Invitation.request_id))
    assert len(decisions) == 2 * PEOPLE
    assert None not in decisions
    assert decisions.count("invited") == len(asked) == len(set(asked))
    assert len(company.smtp.received) >= len(asked)


def test_a_released_quarter_takes_no_answer_and_no_revision_any_more(
    company: Company, mornings: list[datetime]
) -> None:
    _live_through(company, mornings)
    freeze_due(company.installation, now=company.calendar.freezes_at(QUARTER))
    release_due(company.installation, now=company.calendar.releases_at(QUARTER))
    released = len(company.rows(select(ReleasedResponse.id)))

    later = company.calendar.releases_at(QUARTER) + timedelta(days=1)
    with pytest.raises(RowsRefused):
        _import_late_answers(company, "too-late", later)
    with company.database.sessions.begin() as session:
        frozen = scorecards.freeze(session, QUARTER, calendar=company.calendar, policy=AskingPolicy(), now=later)

    assert frozen == 0
    assert company.rows(select(HeldResponse.id)) == []
    assert len(company.rows(select(ReleasedResponse.id))) == released
