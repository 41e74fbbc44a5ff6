"""Administrators give and take roles on a page; who loses one is out at once, and somebody stays administrator."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.states import GivenBy, Role
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.mail.outbox.composing import COMPOSERS, compose
from app.models.accounts import Staff, StaffDepartment
from app.models.audit import AuditEntry
from app.models.messages import Message
from app.upkeep.running.outbox import CannotBeWithdrawn, deeds, withdraw_message
from tests.builders.bad_input import bad_posts
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL, HELEN, MALLORY
from tests.servers.databases import Database

NEW = {"email": MALLORY.email, "name": "Mallory", "language": "de", "roles": "hr", "departments": ""}


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def either_door(app: Flask, database: Database, now: datetime) -> Door:
    return a_door(app, database, now)


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    department(database.session, "IT")
    department(database.session, "FIN")
    staff(database.session, CAROL.email, Role.ADMIN, now=now, name=CAROL.name)
    staff(database.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    database.session.commit()
    return Door(app, database, now)


def save(client: FlaskClient, path: str, **fields: str | list[str]) -> TestResponse:
    return client.post(path, data={**hidden_fields(client.get(path)), **fields})


def page_of(door: Door, email: str) -> str:
    with door.database.sessions() as session:
        first = session.scalars(select(Staff.id).where(Staff.email == email).order_by(Staff.id)).first()
    return f"/admin/staff/{first}"


def held(door: Door, email: str) -> dict[Role, GivenBy]:
    with door.database.sessions() as session:
        rows = session.scalars(select(Staff).where(Staff.email == email, Staff.is_active).order_by(Staff.id))
        return {row.role: row.given_by for row in rows}


def test_somebody_new_gets_roles_departments_and_a_name(either_door: Door) -> None:
    carol = either_door.signed_in(CAROL.email)

    saved = save(
        carol, "/admin/staff/new", email=f" {BOB.email.upper()}", name="Bob", language="de", roles=["head", "auditor"],
        departments=" FIN\r\nIT\r\n\r\nIT",
    )  # fmt: skip

    assert saved.location == "/admin/staff?saved=1"
    assert held(either_door, BOB.email) == {Role.AUDITOR: GivenBy.PAGE, Role.HEAD: GivenBy.PAGE}
    with either_door.database.sessions() as session:
        entry = session.scalars(select(AuditEntry)).one()
        names = session.execute(select(Staff.name, Staff.language).where(Staff.email == BOB.email)).tuples().all()
        departments = session.scalars(select(StaffDepartment.department_id)).all()
    assert (entry.action, entry.details) == (
        "staff.added",
        {"given": ["auditor", "head"], "departments": ["FIN", "IT"]},
    )
    assert (names, len(departments)) == ([("Bob", "de")] * 2, 2)
    assert either_door.signed_in(BOB.email).get("/scorecards").status_code == 200


def test_a_role_that_is_taken_away_ends_at_once_and_its_sessions_with_it(either_door: Door) -> None:
    carol, helen = (either_door.signed_in(one.email) for one in (CAROL, HELEN))
    path = page_of(either_door, HELEN.email)

    save(carol, path, name=HELEN.name, roles="auditor", departments="", language="")
    taken = helen.get("/scorecards").location
    save(carol, path, name=HELEN.name, roles=["hr", "auditor"], departments="", language="")

    assert (taken, helen.get("/scorecards").location) == ("/sign-in", "/sign-in")  # it does not come back to life
    assert held(either_door, HELEN.email) == {Role.HR: GivenBy.PAGE, Role.AUDITOR: GivenBy.PAGE}
    with either_door.database.sessions() as session:
        noted = session.scalars(select(AuditEntry.details).order_by(AuditEntry.id)).all()
    assert noted == [{"given": ["auditor"], "taken": ["hr"]}, {"given": ["hr"]}]


def test_the_last_administrator_stays(door: Door) -> None:
    carol, path = door.signed_in(CAROL.email), page_of(door, CAROL.email)

    refused = save(carol, path, name=CAROL.name, roles="hr", departments="", language="")

    assert refused.status_code == 422
    assert "Somebody must stay administrator." in refused.text
    assert held(door, CAROL.email) == {Role.ADMIN: GivenBy.COMMAND}
    save(carol, page_of(door, HELEN.email), name="", roles=["hr", "admin"], departments="", language="")
    assert save(carol, path, name=CAROL.name, roles="hr", departments="", language="").status_code == 303


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"roles": "head"}, "A head needs a department: write its code."),
        ({"roles": "head", "departments": "IT\nMOON"}, "No department has the code “MOON”."),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": "king"}, "This is none of the choices."),
        ({"language": "tlh"}, "This is none of the choices."),
        ({"email": HELEN.email}, "This address has an account already; change it in the list."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(door: Door, changed: dict[str, str], sentence: str) -> None:
    refused = save(door.signed_in(CAROL.email), "/admin/staff/new", **{**NEW, **changed})

    assert refused.status_code == 422
    assert sentence in refused.text
    assert 'value="Mallory"' in refused.text
    assert held(door, MALLORY.email) == {}


@pytest.mark.parametrize("field", sorted(NEW))
def test_whatever_is_typed_is_answered_and_shown_as_text(door: Door, field: str) -> None:
    carol = door.signed_in(CAROL.email)
    good = {**hidden_fields(carol.get("/admin/staff/new")), **NEW}

    answers = bad_posts(carol, "/admin/staff/new", good, field)

    assert answers["long"].status_code == 422


def test_the_form_sent_twice_changes_nothing_more(door: Door) -> None:
    carol = door.signed_in(CAROL.email)
    data = {**hidden_fields(carol.get("/admin/staff/new")), **NEW}

    answers = [carol.post("/admin/staff/new", data=data).location for _ in range(2)]

    assert answers == ["/admin/staff?saved=1"] * 2
    with door.database.sessions() as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_the_second_of_two_administrators_sees_what_the_first_changed(door: Door) -> None:
    carol, path = door.signed_in(CAROL.email), page_of(door, HELEN.email)
    before = hidden_fields(carol.get(path))
    save(carol, path, name="Helena", roles="hr", departments="", language="")

    second = {"name": "Helen H.", "roles": "hr", "departments": "", "language": ""}
    answer = carol.post(path, data={**before, **second})

    assert answer.status_code == 409
    assert f"Full name: was {HELEN.name}, now Helena, you wrote Helen H." in answer.text


def test_accounts_are_found_by_name_and_address_and_read_on_page_by_page(door: Door) -> None:
    for number in range(60):
        staff(door.database.session, f"many{number:02}@example.com", Role.AUDITOR, now=door.moment)
    staff(door.database.session, "ivan@example.com", Role.AUDITOR, now=door.moment, name="Иван Öztürk")
    door.database.session.commit()
    carol = door.signed_in(CAROL.email)

    assert "ivan@example.com" in carol.get("/admin/staff?words=иван").text
    found = carol.get("/admin/staff?words=HELEN hum").text
    first = carol.get("/admin/staff").text
    second = carol.get(first.split('class="btn second" href="')[1].split('"')[0].replace("&amp;", "&")).text

    assert ("helen@example.com" in found, "many" in found) == (True, False)
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 14)
    assert "Nobody matches this search." in carol.get("/admin/staff?words=%25").text


def test_a_list_of_many_costs_what_a_list_of_one_costs(door: Door) -> None:
    carol, counts = door.signed_in(CAROL.email), []
    for words in ("carol", ""):
        with counting(door.app) as statements:
            carol.get(f"/admin/staff?words={words}")
        counts.append(len(statements))

    assert counts == [8, 8]


def test_heads_that_departments_name_stand_on_the_page_with_their_departments(door: Door) -> None:
    with door.database.sessions.begin() as session:
        department(session, "LAB", name="Laboratory", head_email="lena@example.com")
    carol = door.signed_in(CAROL.email)

    whole, none = carol.get("/admin/staff").text, carol.get("/admin/staff?words=nobody-of-these").text

    assert re.findall(r'<th scope="row">(\S+@\S+)</th><td class="full">(.*?)</td>', whole) == [
        ("lena@example.com", "Laboratory")
    ]
    assert ("Nobody matches this search." in none, "lena@example.com" in none) == (True, False)


def test_an_account_that_is_not_there_is_404(door: Door) -> None:
    assert door.signed_in(CAROL.email).get("/admin/staff/999").status_code == 404


def mails(door: Door) -> list[tuple[str | None, str, list[str]]]:
    with door.database.sessions() as session:
        rows = session.scalars(select(Message).where(Message.name == "role_given").order_by(Message.id)).all()
        return [(row.recipient, row.language, (row.params or {})["given"]) for row in rows]


def test_who_gives_a_role_that_sees_results_is_told_of_to_all_who_watch_and_to_the_person(either_door: Door) -> None:
    staff(either_door.database.session, BOB.email, Role.ADMIN, now=either_door.moment)
    either_door.database.session.commit()
    carol = either_door.signed_in(CAROL.email)

    save(carol, "/admin/staff/new", **NEW)
    save(carol, "/admin/staff/new", **NEW)
    page = page_of(either_door, CAROL.email)
    save(carol, page, roles=["admin", "head"], departments="IT", name=CAROL.name, language="")
    save(carol, page, roles=["admin", "head"], departments="IT\nFIN", name=CAROL.name, language="")

    watching = [(HELEN.email, "en"), (BOB.email, "en"), (MALLORY.email, "de")]
    kinds = (["hr"], ["head"], ["departments"])
    assert mails(either_door) == [(*one, kind) for kind in kinds for one in watching]


def test_a_role_that_sees_no_results_and_one_that_is_refused_are_told_to_nobody(door: Door) -> None:
    carol = door.signed_in(CAROL.email)

    save(carol, "/admin/staff/new", **NEW | {"roles": "auditor"})
    refused = save(carol, page_of(door, CAROL.email), roles=["hr"], departments="", name="Carol", language="")

    assert (refused.status_code, mails(door)) == (422, [])


def test_the_mail_about_a_role_can_be_written_and_no_administrator_holds_it_back(door: Door) -> None:
    save(door.signed_in(CAROL.email), "/admin/staff/new", **NEW)
    links = Links(base_url=door.database.settings.base_url, keys=Keys.of(door.database.settings))

    with door.database.sessions() as session:
        row = session.scalars(select(Message).where(Message.recipient == HELEN.email)).one()
        mail = compose(session, row, links, COMPOSERS)
        with pytest.raises(CannotBeWithdrawn):
            withdraw_message(session, row.id)
        said = " ".join(mail.text.split())

    assert f"{MALLORY.email} sees results of all departments from now on, as human resources." in said
    assert f"Given by {CAROL.email}, " in said
    assert deeds(row, now=door.moment) == frozenset()
