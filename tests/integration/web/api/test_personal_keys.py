"""A key of somebody acts as that person: what its scopes and their roles both allow, and nothing of a sibling."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.api_scopes import ACTIONS, Scope, may_use
from app.domain.periods import Calendar
from app.domain.rights import Viewer
from app.domain.states import Role
from app.foundations import clock
from app.models.accounts import ApiKey, Staff
from app.models.releases import PeriodRecord
from app.upkeep.programs.keys import ApiKeyRefused, add_api_key, forget_owner
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL, HELEN, MALLORY
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
FORMS = ("", ".csv", ".pdf")


@dataclass
class Company:
    """OPS above IT above DESK, FIN beside IT, all issued; Bob heads IT, Helen is HR, Carol administrator."""

    database: Database
    app: Flask

    def key(self, *scopes: Scope, email: str | None = None, **options: Any) -> str:
        with self.database.sessions.begin() as session:
            options = {"now": clock.now()} | options
            return add_api_key(session, f"{email} {len(scopes)}", scopes, email=email, **options)

    def get(self, path: str, key: str, method: str = "GET") -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return self.app.test_client().open(f"/api/v1/{path}", method=method, headers=headers)


@pytest.fixture
def company(database: Database, app: Flask, now: datetime) -> Company:
    session = database.session
    ops = department(session, "OPS")
    it = department(session, "IT", parent=ops)
    for one in (ops, it, department(session, "DESK", parent=it), department(session, "FIN", parent=ops)):
        issue(session, one, name=f"The {one.code}", posted=now, calendar=CALENDAR)
    staff(session, BOB.email, Role.HEAD, it, now=now)
    staff(session, HELEN.email, Role.HR, now=now)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.commit()
    return Company(database, app)


def test_a_heads_key_finds_no_sibling_in_any_form(company: Company) -> None:
    key = company.key(Scope.SCORECARDS_READ, email=BOB.email)

    answers = {
        f"{code}{form}": company.get(f"scorecards/2026-Q3/{code}{form}", key).status_code
        for code in ("IT", "DESK", "FIN", "OPS")
        for form in FORMS
    }

    assert answers == {f"{code}{form}": 200 for code in ("IT", "DESK") for form in FORMS} | {
        f"{code}{form}": 404 for code in ("FIN", "OPS") for form in FORMS
    }


def test_its_lists_hold_what_the_person_may_see_page_by_page(company: Company) -> None:
    key = company.key(Scope.SCORECARDS_READ, email=BOB.email)

    quarters = company.get("scorecards", key).get_json()
    first = company.get("scorecards/2026-Q3?limit=1", key).get_json()
    with counting(company.app) as statements:
        second = company.get(f"scorecards/2026-Q3?limit=1&cursor={first['next']}", key).get_json()

    assert quarters == {"items": [{"period": "2026-Q3", "scorecards": 2}], "next": None}
    assert [[item["code"] for item in page["items"]] for page in (first, second)] == [["DESK"], ["IT"]]
    assert second["next"] is None
    assert first["items"][0]["finding"].endswith(".")
    assert not any("scorecards.document" in one for one in statements)


def test_what_is_not_there_and_what_is_not_theirs_are_answered_alike(company: Company) -> None:
    key = company.key(Scope.SCORECARDS_READ, email=BOB.email)

    theirs, nobodys = (company.get(f"scorecards/2026-Q3/{code}", key) for code in ("FIN", "NIL"))

    assert theirs.get_json() | {"detail": ""} == nobodys.get_json() | {"detail": ""}
    assert theirs.get_json()["detail"] == nobodys.get_json()["detail"].replace("NIL", "FIN")


def test_before_the_posting_only_hr_and_the_installation_see_a_scorecard(company: Company) -> None:
    record = company.database.session.scalars(select(PeriodRecord)).one()
    record.posted_at = None
    company.database.session.commit()
    keys = [company.key(Scope.SCORECARDS_READ, email=email) for email in (BOB.email, HELEN.email, None)]

    answers = [company.get("scorecards/2026-Q3/IT", key).status_code for key in keys]

    assert answers == [404, 200, 200]


def test_a_key_is_made_only_for_what_its_persons_roles_reach(company: Company) -> None:
    with pytest.raises(ApiKeyRefused, match="do not reach as far as culture:read, policy:read"):
        company.key(Scope.SCORECARDS_READ, Scope.CULTURE_READ, Scope.POLICY_READ, email=BOB.email)
    with pytest.raises(ApiKeyRefused, match=r"nobody@example\.com has no role here"):
        company.key(Scope.SCORECARDS_READ, email="nobody@example.com")


def test_a_head_whom_only_the_tree_names_may_have_one(company: Company) -> None:
    fin = department(company.database.session, "FIN2", head_email=MALLORY.email)
    issue(company.database.session, fin, posted=clock.now(), calendar=CALENDAR)
    company.database.session.commit()

    key = company.key(Scope.SCORECARDS_READ, email=MALLORY.email)

    assert [company.get(f"scorecards/2026-Q3/{code}", key).status_code for code in ("FIN2", "FIN")] == [200, 404]


def test_it_ends_with_the_role(company: Company) -> None:
    session = company.database.session
    key = company.key(Scope.SCORECARDS_READ, email=BOB.email)
    staff(session, BOB.email, Role.ADMIN, now=clock.now())
    row = session.scalars(select(Staff).where(Staff.email == BOB.email, Staff.role == Role.HEAD)).one()

    row.is_active = False
    session.commit()
    as_administrator = company.get("scorecards/2026-Q3/IT", key)
    for one in session.scalars(select(Staff).where(Staff.email == BOB.email)):
        one.is_active = False
    session.commit()
    as_nobody = company.get("scorecards/2026-Q3/IT", key)

    assert (as_administrator.status_code, as_nobody.status_code) == (403, 401)
    assert as_administrator.get_json()["detail"] == "the person of this key has no role for scorecards:read"


def test_it_ends_on_its_day(company: Company) -> None:
    made_at = clock.now() - timedelta(days=8)

    ended = company.key(Scope.SCORECARDS_READ, email=BOB.email, days=7, now=made_at)
    lasting = company.key(Scope.SCORECARDS_READ, email=HELEN.email, days=9, now=made_at)

    assert [company.get("scorecards", key).status_code for key in (ended, lasting)] == [401, 200]


def test_a_forgotten_owner_leaves_no_key_that_opens_more(company: Company) -> None:
    key = company.key(Scope.SCORECARDS_READ, email=BOB.email)
    with company.database.sessions.begin() as session:
        assert forget_owner(session, BOB.email, now=clock.now()) == 1

    row = company.database.session.scalars(select(ApiKey)).one()
    assert (row.email, row.revoked_at is None) == (None, False)
    assert company.get("scorecards/2026-Q3/FIN", key).status_code == 401


def test_hr_stops_a_posting_and_lets_it_go_on(company: Company) -> None:
    key = company.key(Scope.SCORECARDS_WRITE, email=HELEN.email)

    answers = [company.get(f"scorecards/2026-Q3/{act}", key, "POST").get_json() for act in ("stop", "stop", "resume")]
    unknown = company.get("scorecards/2026-Q1/stop", key, "POST")

    nothing = {"taken_back": 0, "being_sent": 0, "already_sent": 0}
    assert answers[:2] == [{"is_stopped": True, **nothing}] * 2
    assert answers[2] == {"is_stopped": False, "was_stopped": True}
    assert unknown.status_code == 404


def test_hr_says_that_mails_may_leave_and_not_while_they_are_stopped(company: Company) -> None:
    with company.database.sessions.begin() as session:
        session.scalars(select(PeriodRecord)).one().posted_at = None
    key = company.key(Scope.SCORECARDS_WRITE, email=HELEN.email)

    answers = [
        company.get(f"scorecards/2026-Q3/{act}", key, "POST")
        for act in ("stop", "approve", "resume", "approve", "approve")
    ]

    assert [answer.status_code for answer in answers] == [200, 409, 200, 200, 200]
    assert [answer.get_json()["is_new"] for answer in answers[3:]] == [True, False]


@pytest.mark.parametrize("refused", [Role.HEAD, Role.ADMIN, Role.AUDITOR])
def test_only_hr_may_stop_a_posting(refused: Role) -> None:
    viewer = Viewer("x@example.com", frozenset({refused}))

    assert not may_use(Scope.SCORECARDS_WRITE, viewer)


def test_every_scope_says_what_its_person_needs() -> None:
    assert set(ACTIONS) == set(Scope)
