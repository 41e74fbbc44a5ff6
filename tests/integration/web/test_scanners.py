"""Mail scanners never give an answer that counts, and a thousand people of all kinds always do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domain.states import InvitationState, ResponseState
from app.foundations.crypto import Keys
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.people import OptOut
from app.models.quarter_salts import ensure_salt
from app.models.responses import HeldResponse
from tests.builders import surveys
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.integration.web.conftest import Clock, Link, nonce_of
from tests.servers.databases import Database

MAIL_LINKS = ["", *(f"?score={score}" for score in range(1, 6)), "/opt-out", "/who-sees-what?lang=en"]


def _links_of(page: TestResponse) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'href="(/s/[^"]+)"', page.text)]


def _fields_of(page: TestResponse) -> dict[str, str]:
    """Fill in a form the way a machine does: everything hidden, everything checked."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return hidden | dict(re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page.text))


def follows_every_link(link: Link) -> None:
    """Safe Links, on delivery: HEAD and GET on every link of the mail within seconds."""
    client = link.app.test_client(use_cookies=False)
    for path in MAIL_LINKS:
        client.head(link.path + path)
        client.get(link.path + path)


def follows_at_click_time(link: Link) -> None:
    """A gateway that fetches again when the person taps: twice, 22 seconds apart."""
    link.get("?score=4")
    link.clock.wait(seconds=22)
    link.get("?score=4")


def runs_scripts_and_clicks(link: Link) -> None:
    """A headless browser: our script runs, its clicks are not trusted; it looks at the page for a while."""
    client = link.app.test_client()
    page = client.get(link.path + "?score=1")
    link.clock.wait(seconds=8)
    client.post(link.path, data=_fields_of(page) | {"csat_overall": "3", "script": "1", "trusted": ""})


def submits_forms(link: Link) -> None:
    """A detonation chamber: opens, submits every form it finds at once."""
    client = link.app.test_client()
    for path in ("?score=5", "/opt-out"):
        page = client.get(link.path + path)
        link.clock.wait(seconds=1.5)
        client.post(link.path + path.partition("?")[0], data=_fields_of(page) | {"wish": "never"})


def tries_all_ratings(link: Link) -> None:
    """Opens the five links of the mail and submits each, all within ten seconds."""
    client = link.app.test_client()
    pages = [client.get(f"{link.path}?score={score}") for score in range(1, 6)]
    for page in pages:
        link.clock.wait(seconds=1.9)
        client.post(link.path, data=_fields_of(page))


def crawls_the_page(link: Link) -> None:
    """Follows every link of the page, the hidden one too, and then submits the form it had, unhurried."""
    client = link.app.test_client()
    first = client.get(link.path + "?score=5")
    for address in _links_of(first):
        client.get(address)
    link.clock.wait(seconds=60)
    client.post(link.path, data=_fields_of(first))


def submits_the_crawled_page(link: Link) -> None:
    """The same without cookies: submits the form of the page that the hidden link led to."""
    client = link.app.test_client(use_cookies=False)
    hidden = next(address for address in _links_of(client.get(link.path + "?change=1")) if address.endswith("/results"))
    page = client.get(hidden)
    link.clock.wait(seconds=60)
    client.post(link.path, data=_fields_of(page) | {"csat_overall": "1", "contact": "1"})


SCANNERS = [
    follows_every_link,
    follows_at_click_time,
    runs_scripts_and_clicks,
    submits_forms,
    tries_all_ratings,
    crawls_the_page,
    submits_the_crawled_page,
]


@pytest.mark.parametrize("scanner", SCANNERS, ids=lambda scanner: scanner.__name__)
def test_a_scanner_never_gives_an_answer_that_counts(link: Link, scanner: Callable[[Link], None]) -> None:
    scanner(link)

    with link.database.sessions() as session:
        counted = session.scalars(select(HeldResponse).where(HeldResponse.state == ResponseState.ACCEPTED)).all()
        others = [session.scalar(select(func.count()).select_from(table)) for table in (FollowUp, OptOut)]
        state = session.scalars(select(Invitation.state)).one()
    assert (counted, others) == ([], [0, 0])
    assert state in {InvitationState.SENT, InvitationState.HELD_BACK}


@pytest.mark.parametrize("scanner", SCANNERS, ids=lambda scanner: scanner.__name__)
def test_a_person_answers_after_every_scanner(link: Link, scanner: Callable[[Link], None]) -> None:
    scanner(link)
    link.clock.wait(minutes=20)

    link.post({"csat_overall": "2"}, query="?score=2")

    assert link.result() == (ResponseState.ACCEPTED, InvitationState.ANSWERED, {"csat_overall": 2})


@pytest.mark.parametrize("scanner", SCANNERS, ids=lambda scanner: scanner.__name__)
def test_no_scanner_changes_a_persons_answer(link: Link, scanner: Callable[[Link], None]) -> None:
    link.post({"csat_overall": "2"}, query="?score=2")
    link.clock.wait(minutes=1)

    scanner(link)

    assert link.result() == (ResponseState.ACCEPTED, InvitationState.ANSWERED, {"csat_overall": 2})


@dataclass(frozen=True)
class Habit:
    """How a person answers, as far as the server can see it."""

    seconds: float  # between opening and sending
    script: bool
    by_keyboard: bool = False

    @property
    def signals(self) -> dict[str, str]:
        # A key is as trusted as a pointer: to the server a keyboard looks the same.
        return {"script": "1", "trusted": "1"} if self.script else {"script": "", "trusted": ""}


def _habit(number: int) -> Habit:
    seconds = 2 + (number * 37 % 90)
    return Habit(seconds, script=number % 5 != 0, by_keyboard=number % 10 == 1)


def test_a_thousand_people_are_all_counted(app: Flask, sqlite: Database, now: datetime) -> None:
    clock = Clock(now)
    app.extensions["parity_clock"] = clock
    tokens = _invite(sqlite, app.extensions["parity_keys"], 1000, now)
    habits = [_habit(number) for number in range(1000)]
    client = app.test_client()

    for number, (token, habit) in enumerate(zip(tokens, habits, strict=True)):
        _answer(client, clock, token, 1 + number % 5, habit)

    with sqlite.sessions() as session:
        states = session.execute(select(HeldResponse.state, func.count()).group_by(HeldResponse.state)).tuples().all()
    assert (sum(not habit.script for habit in habits), sum(habit.by_keyboard for habit in habits)) == (200, 100)
    assert states == [(ResponseState.ACCEPTED, 1000)]


def _answer(client: FlaskClient, clock: Clock, token: str, rating: int, habit: Habit) -> None:
    page = client.get(f"/s/{token}?score={rating}")
    clock.wait(seconds=habit.seconds)
    client.post(f"/s/{token}", data={"nonce": nonce_of(page), "csat_overall": str(rating), **habit.signals})


def _invite(database: Database, keys: Keys, count: int, now: datetime) -> list[str]:
    with database.sessions.begin() as session:
        by = surveys.provider(session)
        ensure_salt(session, keys, "2026-Q4")
        tokens = []
        for number in range(count):
            who = person(session, f"person{number}@example.com")
            row = invitation(session, completed_request(session, by, who, now), sent_at=now)
            tokens.append(keys.token("survey", row.public_id))
    return tokens


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> object:
    """The thousand people need one database only; the scanners try both."""
    name = "database" if "link" in request.fixturenames else "sqlite"
    database: Database = request.getfixturevalue(name)
    return database.settings
