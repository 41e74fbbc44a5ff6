"""Why somebody was asked, or not: the list, one request with all its completions, one person by their address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.decisions import DecisionReason
from app.domain.states import Role
from app.models.departments import Department
from app.models.people import Person
from app.models.policies import PolicyVersion
from tests.builders.bad_input import bad_posts
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, BOB, CAROL, MALLORY
from tests.servers.databases import Database

LIST, OF = "/admin/decisions", "/admin/decisions/of"
RESTING = "The requester was asked about another request a short time before."
WAITS = "It is decided at the next run after nine on a working morning"
NAMELESS = "There is no e-mail address to which the requester could be written."


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    """Two requests of Alice's and one of Bob's, done by IT and FIN in the last days."""
    session = sqlite.session
    staff(session, CAROL.email, Role.ADMIN, now=now)
    alice, bob = person(session, ALICE.email), person(session, BOB.email)
    person(session, MALLORY.email)
    it, fin = department(session, "IT"), department(session, "FIN")
    decided = {"decided_at": now - timedelta(days=1)}
    completed_request(session, it, alice, now - timedelta(days=3), decision=DecisionReason.QUARANTINE, **decided)
    completed_request(session, fin, bob, now - timedelta(days=2), decision=DecisionReason.NO_ADDRESS, **decided)
    completed_request(session, it, alice, now - timedelta(hours=1))
    session.add(PolicyVersion(version=1, rules={}, author="x", reason="y", created_at=now - timedelta(days=5)))
    session.commit()
    return Door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def listed(text: str) -> list[str]:
    return [name for name in ("R-1", "R-2", "R-3") if f">{name}</a>" in text]


def test_the_list_counts_reasons_and_shows_the_newest_first(carol: FlaskClient) -> None:
    page = carol.get(LIST).text

    places = [page.index(f">{name}</a>") for name in ("R-3", "R-2", "R-1")]
    assert places == sorted(places)
    assert RESTING in page
    assert NAMELESS in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("reason=quarantine", ["R-1"]),
        ("department=IT", ["R-1", "R-3"]),
        ("tracker=desk", ["R-1", "R-2", "R-3"]),
        ("tracker=other", []),
        ("from=2026-11-15&to=2026-11-15", ["R-2"]),
    ],
)
def test_the_list_can_be_narrowed(carol: FlaskClient, query: str, shown: list[str]) -> None:
    assert listed(carol.get(f"{LIST}?{query}").text) == shown


@pytest.mark.parametrize("query", ["reason=whim", "cursor=x"])
def test_what_no_filter_has_is_not_there(carol: FlaskClient, query: str) -> None:
    assert carol.get(f"{LIST}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=31.12.2026", "“31.12.2026” is no day to look for. Write it as in 2026-09-30."),
        ("to=0001-01-01", "“0001-01-01” is no day to look for. Write it as in 2026-09-30."),
        ("from=<script>", "“&lt;script&gt;” is no day to look for. Write it as in 2026-09-30."),
        ("tracker=a%00b", "Write it in one line, without invisible characters."),
        (f"tracker={'x' * 203}", "This is 3 characters too long; there is room for 200."),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_a_sentence(carol: FlaskClient, query: str, sentence: str) -> None:
    answer = carol.get(f"{LIST}?{query}")

    assert answer.status_code == 422
    assert f"<h1>This cannot be looked for</h1>\n<p>{sentence}</p>" in answer.text
    assert f'href="{LIST}">Open the page again</a>' in answer.text


def test_older_ones_are_a_page_away_at_the_same_cost(door: Door, carol: FlaskClient) -> None:
    session = door.database.session
    alice, it = person(session, "alice2@example.com"), department(session, "HR")
    with counting(door.database.engine) as of_three:
        carol.get(LIST)
    for hours in range(50):
        completed_request(session, it, alice, door.moment - timedelta(days=30, hours=hours))
    session.commit()

    with counting(door.database.engine) as of_many:
        first = carol.get(LIST).text
    older = carol.get(f"{LIST}?cursor={first.split('cursor=')[1].split(chr(34))[0]}").text

    assert len(of_three) == len(of_many)
    assert listed(first) == ["R-1", "R-2", "R-3"]
    assert (first.count("/admin/decisions/desk/"), older.count("/admin/decisions/desk/")) == (25, 25)
    assert first.count(WAITS) == 1


def test_a_request_says_why_by_which_policy_and_when(carol: FlaskClient) -> None:
    decided, waiting = carol.get(f"{LIST}/desk/R-1").text, carol.get(f"{LIST}/desk/R-3").text

    assert RESTING in decided
    assert "version 1" in decided
    assert "It is decided at the next run" in waiting
    assert "Decided from" in waiting
    assert [carol.get(f"{LIST}/{path}").status_code for path in ("desk/R-9", "nowhere/R-1")] == [404, 404]


def test_somebody_who_rests_is_named_with_the_request_they_were_asked_about_and_until_when(
    door: Door, carol: FlaskClient
) -> None:
    session = door.database.session
    alice = session.scalars(select(Person).where(Person.email == ALICE.email)).one()
    it = session.scalars(select(Department).where(Department.code == "IT")).one()
    asked = completed_request(session, it, alice, door.moment - timedelta(days=20), decision=DecisionReason.INVITED)
    invitation(session, asked, sent_at=datetime(2026, 10, 29, 9, tzinfo=UTC))
    session.commit()

    rests = carol.get(f"{LIST}/desk/R-1").text.replace("\xa0", " ")
    invited = carol.get(f"{LIST}/desk/R-4").text

    assert '<a href="/admin/decisions/desk/R-4">R-4</a>, 29 October 2026' in rests
    assert "<dt>Asked again not before</dt><dd>28 November 2026</dd>" in rests
    assert "The requester was asked." in invited
    assert "the one that Parity comes with" not in rests


def test_filters_offer_names_and_rows_say_them(carol: FlaskClient) -> None:
    page = carol.get(f"{LIST}?department=IT").text

    assert '<option value="desk">desk</option>' in page
    assert re.search(r'<option value="IT" selected>[^<]+ \(IT\)</option>', page)


def ask(client: FlaskClient, email: str) -> str:
    return client.post(OF, data=hidden_fields(client.get(OF)) | {"email": email}).text


def test_a_person_is_found_by_their_address_in_any_case(carol: FlaskClient) -> None:
    assert listed(ask(carol, ALICE.email.upper())) == ["R-1", "R-3"]
    assert listed(ask(carol, BOB.email)) == ["R-2"]


def test_somebody_without_requests_is_told_apart_from_a_stranger(carol: FlaskClient) -> None:
    assert "No completed request of this person is known" in ask(carol, MALLORY.email)
    assert "Nobody is known under this address." in ask(carol, "nobody@example.com")


def test_an_address_that_is_none_is_refused(carol: FlaskClient) -> None:
    good = hidden_fields(carol.get(OF)) | {"email": ALICE.email}
    bad = {name: carol.post(OF, data={**good, "email": text}) for name, text in {"none": "alice", "empty": ""}.items()}

    assert {name: answer.status_code for name, answer in bad.items()} == {"none": 422, "empty": 422}
    bad_posts(carol, OF, good, "email")
