"""Carol finds people by address or name, and tells who belongs where from when on."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.models.audit import AuditEntry
from app.models.people import OptOut, Person, PersonVersion, Suppression, SuppressionReason, address_hash
from app.web.frame.lists import PER_PAGE
from tests.builders.bad_input import BAD
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

LIST = "/admin/people"
Told = dict[str, str]
AT_IT: Told = {"name": "Alice", "department_code": "IT", "language": "de", "time_zone": "Europe/Berlin", "when": "now"}


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    """Alice works at IT; somebody is known by a key alone; Carol looks after both."""
    session = database.session
    it = department(session, "IT", name="Computers")
    department(session, "FIN", name="Finance")
    person(session, ALICE.email, works_in=it, name="Alice", language="de", time_zone="Europe/Berlin")
    session.add(Person(source="desk", source_key="u-77"))
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.commit()
    return Door(app, database, now)


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def number_of(door: Door, email: str = ALICE.email) -> int:
    with door.database.sessions() as session:
        return session.scalars(select(Person.id).where(Person.email == email)).one()


def page_of(door: Door, number: int) -> str:
    return f"{LIST}/{door.app.extensions['parity_keys'].token('person', number.to_bytes(16))}"


def versions(session: Session) -> list[tuple[object, ...]]:
    rows = session.scalars(select(PersonVersion).order_by(PersonVersion.person_id, PersonVersion.valid_from))
    return [(one.valid_from.date().isoformat(), one.name, one.department_id, one.language) for one in rows]


def stored(door: Door) -> list[tuple[object, ...]]:
    with door.database.sessions() as session:
        return versions(session)


def acts(door: Door) -> list[str]:
    with door.database.sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_people_are_found_by_address_name_and_department(carol: FlaskClient) -> None:
    for query, found in (
        ("", [ALICE.email]),
        ("?words=ALI", [ALICE.email]),
        ("?words=alice%40", [ALICE.email]),
        ("?words=%25", []),
        ("?words=Привет", []),
        ("?department=IT", [ALICE.email]),
        ("?department=FIN", []),
        ("?kind=key", ["desk: u-77"]),
        ("?kind=key&words=U-7", ["desk: u-77"]),
    ):
        text = carol.get(LIST + query).text
        assert [name for name in (ALICE.email, "desk: u-77") if f">{name}</a>" in text] == found, query


def test_what_no_list_has_is_not_there(carol: FlaskClient) -> None:
    queries = ("?kind=all", "?cursor=x")

    assert [carol.get(LIST + query).status_code for query in queries] == [404, 404]


def test_a_long_list_goes_on_where_it_stopped_at_the_same_cost(door: Door, carol: FlaskClient) -> None:
    with counting(door.app) as few:
        carol.get(LIST)
    with door.database.sessions.begin() as session:
        for number in range(PER_PAGE + 1):
            person(session, f"p{number:02}@example.com", name="Олег")

    with counting(door.app) as many:
        first = carol.get(f"{LIST}?words=олег")
    following = first.text.split('class="btn second" href="')[-1].split('"')[0].replace("&amp;", "&")
    second = carol.get(following)

    assert (len(few), len(many)) == (4, 4)
    assert (first.text.count('scope="row"'), second.text.count('scope="row"')) == (PER_PAGE, 1)
    assert f"p{PER_PAGE:02}@example.com" in second.text


def test_a_change_begins_on_its_day_and_the_second_time_changes_nothing(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, number_of(door))
    told = AT_IT | {"department_code": "FIN", "when": "day", "day": "2026-12-01"}

    answers = [door.post(carol, page, told).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert stored(door) == [("1900-01-01", "Alice", 1, "de"), ("2026-12-01", "Alice", 2, "de")]
    assert acts(door)[:1] == ["person.changed"]


def test_a_mistake_is_corrected_for_all_the_time(door: Door, carol: FlaskClient) -> None:
    door.post(carol, page_of(door, number_of(door)), AT_IT | {"name": "Alice Doe", "language": "", "when": "always"})

    assert stored(door) == [("1900-01-01", "Alice Doe", 1, None)]


def test_somebody_new_is_added_once(door: Door, carol: FlaskClient) -> None:
    told = AT_IT | {"email": "Olga@Example.com", "name": "Ольга", "when": "always"}

    added = door.post(carol, f"{LIST}/new", told)
    again = door.post(carol, f"{LIST}/new", told)

    assert (added.status_code, added.location) == (303, f"{page_of(door, number_of(door, 'olga@example.com'))}?saved=1")
    assert (again.status_code, "Somebody is known by this address already." in again.text) == (422, True)
    assert acts(door) == ["person.added"]


def test_the_second_of_two_sees_what_the_first_changed(app: Flask, database: Database, now: datetime) -> None:
    door = a_door(app, database, now)
    carol, other = door.signed_in(CAROL.email), door.signed_in(CAROL.email)
    page = page_of(door, number_of(door))
    first, second = (hidden_fields(client.get(page)) | AT_IT for client in (carol, other))

    saved = carol.post(page, data=first | {"department_code": "FIN"})
    refused = other.post(page, data=second | {"name": "Alice Doe"})

    assert [saved.status_code, refused.status_code] == [303, 409]
    assert "Department: was IT, now FIN, you wrote IT" in refused.text


def test_bad_input_is_refused_and_stands_in_the_page(door: Door, carol: FlaskClient) -> None:
    page, accepted = page_of(door, number_of(door)), set[tuple[str, str]]()

    for field in ("name", "department_code", "language", "time_zone", "when", "day"):
        for kind, typed in BAD.items():
            answer = door.post(carol, page, AT_IT | {"when": "day", "day": "2026-12-01"} | {field: typed})
            assert answer.status_code in {303, 422}, (field, kind)
            assert "<script>alert" not in answer.text, (field, kind)
            if answer.status_code == 303:
                accepted.add((field, kind))

    names = {("name", kind) for kind in ("type", "script", "nul", "number")}
    assert accepted == names | {("language", "missing"), ("language", "nul"), ("time_zone", "missing")}


def test_a_key_requester_is_tagged_and_untagged(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, number_of(door))

    answers = [door.post(carol, page, {"act": act}).status_code for act in ("tag", "tag", "untag")]

    assert (answers, acts(door)) == ([303, 303, 303], ["person.tagged", "person.tagged"])
    assert "Count them as a key requester" in carol.get(page).text


def test_wishes_and_returned_mails_are_told(door: Door, carol: FlaskClient) -> None:
    page, number = page_of(door, number_of(door)), number_of(door)
    with door.database.sessions.begin() as session:
        session.add(OptOut(person_id=number, until=datetime(2027, 1, 1, tzinfo=UTC), created_at=door.moment))
    wish = carol.get(page).text
    hashed = address_hash(door.app.extensions["parity_keys"], ALICE.email)
    with door.database.sessions.begin() as session:
        session.add(Suppression(address_hash=hashed, reason=SuppressionReason.BOUNCED, created_at=door.moment))

    assert "Does not want to be asked." in wish
    assert "Mails to this address came back." in carol.get(page).text


def test_who_has_no_address_is_shown_and_cannot_be_changed(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, number_of(door) + 1)

    assert "Without an address nobody can be asked." in carol.get(page).text
    assert carol.post(page, data=AT_IT).status_code == 200
    assert acts(door) == []


def test_a_token_of_nobody_is_not_there(door: Door, carol: FlaskClient) -> None:
    paths = [page_of(door, 99), f"{LIST}/{'x' * 44}", f"{LIST}/1"]

    assert [carol.get(path).status_code for path in paths] == [404, 404, 404]
