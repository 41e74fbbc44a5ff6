"""What a tracker delivered: the list with what follows, one delivery with its body, reading again, explaining."""

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.auditing import Act
from app.domain.decisions import DecisionReason
from app.domain.states import ConnectionSide, DeliveryState, RequestState, Role
from app.foundations.crypto import Keys
from app.models.audit import AuditEntry
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest
from app.upkeep.connections.adding import add_connection
from tests.builders.connections import alive, concluded, delivery, jira, refused, unread
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.jira import issue, moved, webhook
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

LIST = "/admin/trackers/desk/deliveries"
DONE, BROKEN = "the request is done", "No requester: the field reporter is empty. Make it required."

WRONG = "no signature of this delivery was made with the secret of this connection"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    """A Jira called desk that has told of one completed request."""
    session = sqlite.session
    staff(session, CAROL.email, Role.ADMIN, now=now)
    keys: Keys = sqlite_app.extensions["parity_keys"]
    jira(session, keys, now, "desk")
    alive(session, "desk", now)
    it = department(session, "IT")
    completed_request(
        session, it, person(session, ALICE.email), now - timedelta(hours=2), decision=DecisionReason.QUARANTINE
    )
    session.scalars(select(ServiceRequest)).one().cycle_count = 1
    session.commit()
    return Door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def told(door: Door, minutes: int, **fields: object) -> int:
    return delivery(door.database.session, "desk", door.moment - timedelta(minutes=minutes), **fields).id


def state(door: Door, number: int) -> tuple[DeliveryState, str | None]:
    with door.database.sessions() as session:
        row = session.get_one(Delivery, number)
        return row.state, row.error


def test_the_list_says_what_came_why_and_what_follows(door: Door, carol: FlaskClient) -> None:
    told(door, 30, **concluded("completed", DONE, 1))
    told(door, 20, **concluded("ignored", "this is no event of an issue"))
    told(door, 10, **unread(BROKEN))
    told(door, 5)

    page = carol.get(LIST).text
    places = [page.index(word) for word in ("Delivery 4", "Delivery 3", "Delivery 2", "R-1")]

    assert places == sorted(places)
    for words in ("Completed", DONE, "asked about another request a short time before", "Ignored", BROKEN, "Waiting 1"):
        assert words in page
    assert "All 4" in page
    assert "Needs attention 1" in page


@pytest.mark.parametrize(
    ("state", "words", "follows"),
    [
        (RequestState.DONE, "Completed", "Who asked had their data erased: no mail leaves about it any more."),
        (
            RequestState.DELETED,
            "Completed, deleted since",
            "The request was deleted since: no mail leaves about it any more.",
        ),
        (
            RequestState.OPEN,
            "Completed, opened again since",
            "The request was opened again since: no mail leaves about it until it is completed once more.",
        ),
    ],
)
def test_a_completion_that_does_not_hold_any_more_says_so(
    door: Door, carol: FlaskClient, state: RequestState, words: str, follows: str
) -> None:
    session = door.database.session
    cycle, request = session.scalars(select(RequestCycle)).one(), session.scalars(select(ServiceRequest)).one()
    request.state, cycle.decision, cycle.requester_id = state, DecisionReason.INVITED, None
    told(door, 30, **concluded("completed", DONE, 1))

    page = carol.get(LIST).text

    assert f"</svg>{words}</span>" in page
    assert ('class="verdict better"' in page) == (state is RequestState.DONE)
    assert follows in page


@pytest.mark.parametrize(
    ("show", "shown"),
    [("completed", [1]), ("reopened", []), ("other", [2]), ("unread", [3]), ("waiting", [4]), ("refused", [5])],
)
def test_a_filter_shows_its_kind_alone(door: Door, carol: FlaskClient, show: str, shown: list[int]) -> None:
    told(door, 30, **concluded("completed", DONE))
    told(door, 20, **concluded("ignored", "this is no event of an issue"))
    told(door, 10, **unread(BROKEN))
    told(door, 5)
    told(door, 2, **refused(WRONG))

    page = carol.get(f"{LIST}?show={show}").text

    assert [number for number in (1, 2, 3, 4, 5) if f"Delivery {number}<" in page] == shown


def test_older_ones_are_a_page_away_and_a_page_costs_the_same_for_many(door: Door, carol: FlaskClient) -> None:
    told(door, 0, **concluded("completed", DONE, 1))
    with counting(door.database.engine) as of_one:
        carol.get(LIST)
    for minutes in range(1, 52):
        told(door, minutes, **concluded("completed", DONE, 1))

    with counting(door.database.engine) as of_many:
        first = carol.get(LIST).text
    cursor = first.split("cursor=")[1].split('"')[0]
    second = carol.get(f"{LIST}?cursor={cursor}").text

    assert len(of_one) == len(of_many)
    assert (first.count("<tr>"), second.count("<tr>")) == (1 + 50, 1 + 2)
    assert carol.get(f"{LIST}?cursor=nonsense").status_code == 404
    assert carol.get(f"{LIST}?show=nonsense").status_code == 404


def test_one_delivery_shows_what_it_said_and_how_to_mend_it(door: Door, carol: FlaskClient) -> None:
    number = told(door, 10, **unread(BROKEN))
    forgotten = told(door, 20, **unread("long ago"), body=b"")

    page, empty = carol.get(f"{LIST}/{number}").text, carol.get(f"{LIST}/{forgotten}").text

    assert "How to mend it." in page
    assert "&#34;key&#34;: &#34;IT-7&#34;" in page
    assert "Toner &lt;b&gt;" in page
    assert "Forgotten: bodies are kept for 30 days, and go at once with whoever has their data erased." in empty
    assert carol.get(f"{LIST}/99").status_code == 404


def test_what_was_refused_says_why_how_to_mend_it_and_that_nothing_of_it_is_kept(
    door: Door, carol: FlaskClient
) -> None:
    wrong = told(door, 10, **refused(WRONG))
    faulty = told(door, 5, **refused("external_id: this must not be empty", 400))

    tracker, unsigned, unread = (
        carol.get(path) for path in ("/admin/trackers/desk", f"{LIST}/{wrong}?lang=de", f"{LIST}/{faulty}?lang=en")
    )

    assert [page.status_code for page in (tracker, unsigned, unread)] == [200] * 3
    assert "The last event was refused: external_id: this must not be empty." in tracker.text
    assert "keine Signatur dieser Zustellung wurde mit dem Geheimnis dieser Verbindung gemacht." in unsigned.text
    assert f'href="{"/admin/trackers/desk/secret"}"' in unsigned.text
    assert "1.234" in unsigned.text
    assert "Change what it sends, then let it send this one once more." in unread.text
    assert "Read again" not in unread.text
    assert "external_id: das darf nicht leer sein" in carol.get(f"{LIST}/{faulty}?lang=de").text


def test_what_names_an_unknown_department_or_person_needs_somebody_until_it_has_a_meaning(
    door: Door, carol: FlaskClient
) -> None:
    session = door.database.session
    request = session.scalars(select(ServiceRequest)).one()
    request.provider_department_id, request.raw_department = None, {"component": "NODEPT"}
    nameless = Person(source="desk", source_key="u-17")
    session.add(nameless)
    session.flush()
    request.requester_id = session.scalars(select(RequestCycle)).one().requester_id = nameless.id
    number = told(door, 5, **concluded("completed", DONE, 1))

    pages = [carol.get(path) for path in (LIST, f"{LIST}?show=unread", f"{LIST}/{number}", "/admin/trackers/desk")]
    desk = session.scalars(select(Connection)).one()
    desk.settings = {**desk.settings, "departments": {"NODEPT": "IT"}, "requesters": {"u-17": ALICE.email}}
    session.commit()
    mapped = [carol.get(path) for path in (LIST, f"{LIST}/{number}", "/admin/trackers/desk")]

    assert [page.status_code for page in pages + mapped] == [200] * 7
    assert [page.text.count("/admin/trackers/desk/mapping") for page in pages] == [2, 1, 1, 2]
    assert ["component:NODEPT" in page.text and "u-17" in page.text for page in pages] == [True] * 4
    assert "Needs attention 2" in pages[0].text
    assert "Every event could be read." in pages[1].text
    assert ["NODEPT" in page.text or "u-17" in page.text for page in mapped] == [False, False, False]
    assert "Needs attention 0" in mapped[0].text


def test_an_event_that_is_taken_ends_the_warning_about_those_refused_before(door: Door, carol: FlaskClient) -> None:
    told(door, 10, **refused(WRONG))
    told(door, 5, **concluded("completed", DONE, 1))

    page = carol.get(LIST).text

    assert "Connected." in page
    assert "Refused 1" in page


def test_what_customers_answered_is_not_shown(door: Door, carol: FlaskClient) -> None:
    keys: Keys = door.app.extensions["parity_keys"]
    settings = {"form": "f", "token": "t", "touchpoint": "portal", "instrument": "csat5"}
    add_connection(
        door.database.session,
        keys,
        slug="forms",
        side=ConnectionSide.SCORES,
        kind="typeform",
        settings=settings,
        base_url="http://parity.test",
        now=door.moment,
    )
    number = delivery(door.database.session, "forms", door.moment, body=b'{"comment": "dreadful"}').id

    page = carol.get(f"/admin/trackers/forms/deliveries/{number}").text

    assert "What customers answered is not shown here." in page
    assert "dreadful" not in page


def test_one_or_all_are_read_again_and_that_is_noted(door: Door, carol: FlaskClient) -> None:
    numbers = [told(door, minutes, **unread(BROKEN)) for minutes in (1, 2, 3)]
    fine = told(door, 4, **concluded("completed", DONE))
    token = form_token(carol.get(f"{LIST}/{numbers[0]}"))

    one = carol.post(f"{LIST}/{numbers[0]}", data={"csrf_token": token})
    after_one = [state(door, number)[0] for number in numbers]
    rest = carol.post(LIST, data={"csrf_token": token})
    again = carol.post(f"{LIST}/{fine}", data={"csrf_token": token})

    assert [answer.status_code for answer in (one, rest, again)] == [303] * 3
    assert after_one == [DeliveryState.STORED, DeliveryState.FAILED, DeliveryState.FAILED]
    assert [state(door, number) for number in numbers] == [(DeliveryState.STORED, None)] * 3
    assert state(door, fine)[0] is DeliveryState.PROCESSED
    with door.database.sessions() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == Act.DELIVERIES_RETRIED)).all()
    assert [entry.details for entry in entries] == [{"deliveries": 1}, {"deliveries": 2}]


def test_a_delivery_is_explained_and_nothing_is_stored(door: Door, carol: FlaskClient) -> None:
    path = "/admin/trackers/desk/explain"
    body = json.dumps(webhook(issue("Done"), moved("In Progress", "Done")))

    answers = {
        name: carol.post(path, data=hidden_fields(carol.get(path)) | {"was": "open", "headers": "", **typed})
        for name, typed in {
            "done": {"body": body},
            "broken": {"body": "{"},
            "empty": {"body": ""},
            "header": {"body": body, "headers": "no header"},
        }.items()
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "done": 200,
        "broken": 200,
        "empty": 422,
        "header": 422,
    }
    assert "<dd>completed</dd>" in answers["done"].text
    assert "<dd>invalid</dd>" in answers["broken"].text
    with door.database.sessions() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_a_kind_of_files_has_nothing_to_explain(door: Door, carol: FlaskClient) -> None:
    keys: Keys = door.app.extensions["parity_keys"]
    side = ConnectionSide.TRACKER
    session = door.database.session
    add_connection(session, keys, slug="files", side=side, kind="csv", settings={}, base_url="", now=door.moment)
    session.commit()

    assert carol.get("/admin/trackers/files/explain").status_code == 404
