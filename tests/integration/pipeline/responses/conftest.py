"""One invitation, as Alice finds it in her mail, and short ways to answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.instruments import Item
from app.domain.machines import Judgement, Submission
from app.foundations.crypto import Keys
from app.models.invitations import Invitation
from app.models.quarter_salts import ensure_salt
from app.pipeline import responses
from app.pipeline.responses import Answers
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import CALENDAR, completed_request
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
A_PERSON = Submission(page_age=timedelta(seconds=25))
A_MACHINE = Submission(page_age=timedelta(seconds=1))


def rated(rating: int, **fields: object) -> Answers:
    return Answers(values={Item.CSAT_OVERALL: rating}, **fields)  # type: ignore[arg-type]


@dataclass
class Alice:
    """Alice, her invitation and the moment she answers."""

    session: Session
    invitation: Invitation
    now: datetime

    @property
    def token(self) -> str:
        return KEYS.token("survey", self.invitation.public_id)

    def opens(self, *, after: timedelta = timedelta(0)) -> responses.OpenInvitation:
        return responses.open(self.session.connection(), KEYS, CALENDAR, self.token, now=self.now + after)

    def answers(
        self, answers: Answers, submission: Submission = A_PERSON, *, after: timedelta = timedelta(0)
    ) -> Judgement:
        opened = self.opens(after=after)
        judgement = responses.submit(
            self.session.connection(), KEYS, CALENDAR, opened, answers, submission, now=self.now + after
        )
        self.session.commit()
        return judgement


MakeAlice = Callable[..., Alice]


@pytest.fixture
def alice(database: Database, now: datetime) -> Alice:
    session = database.session
    company = department(session, "company")
    provider = department(session, "it", parent=company, name="IT Support")
    who = person(session, "alice@example.com", works_in=company, name="Alice Requester")
    cycle = completed_request(
        session,
        provider,
        who,
        now - timedelta(days=1),
        request_type="access",
        on_time=True,
        requester_department_id=company.id,
    )
    row = invitation(session, cycle, sent_at=now - timedelta(hours=2))
    ensure_salt(session, KEYS, cycle.period)
    session.commit()
    return Alice(session, row, now)
