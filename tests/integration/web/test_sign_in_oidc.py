"""Staff come in with their company account through a real, certified provider, and by mail when it is down."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.states import GivenBy, Role, WayIn
from app.foundations import clock
from app.models.accounts import Staff, StaffSession
from app.models.audit import AuditEntry
from app.models.messages import Message
from app.models.ways_in import CompanyAccount
from app.settings import Settings
from app.upkeep.rights.oidc_accounts import forget_company_account
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door, form_token
from tests.conftest import BOB, CAROL, HELEN
from tests.servers.databases import Database
from tests.servers.oidc import IdentityProvider
from tests.servers.processes import free_port

CALLBACK = "/sign-in/oidc/callback"


@pytest.fixture
def settings(sqlite: Database, identity_provider: IdentityProvider) -> Settings:
    return identity_provider.installed(sqlite.settings)


@pytest.fixture
def door(app: Flask, sqlite: Database) -> Door:
    return Door(app, sqlite, clock.now())  # the provider's clock is the real one


def led_back(client: FlaskClient, provider: IdentityProvider, login: str) -> str:
    """Go to the provider and through its pages; return the path and query to which it leads back."""
    begun = client.get("/sign-in/oidc")
    assert begun.status_code == 303, begun.text
    parts = urlsplit(provider.sign_in(begun.location, login))
    return f"{parts.path}?{parts.query}"


def press(client: FlaskClient, page: TestResponse) -> TestResponse:
    assert page.status_code == 200, page.text
    return client.post(CALLBACK, data={"csrf_token": form_token(page)})


def come_in(door: Door, provider: IdentityProvider, login: str) -> tuple[FlaskClient, TestResponse]:
    client = door.app.test_client()
    return client, press(client, client.get(led_back(client, provider, login)))


def roles(door: Door) -> dict[Role, tuple[bool, GivenBy]]:
    with door.database.sessions() as session:
        return {row.role: (row.is_active, row.given_by) for row in session.scalars(select(Staff).order_by(Staff.id))}


def test_a_company_account_comes_in_with_the_roles_of_its_groups(
    door: Door, identity_provider: IdentityProvider
) -> None:
    client = door.app.test_client()
    staff(door.database.session, CAROL.email, Role.ADMIN, now=door.moment)
    door.database.session.commit()
    client.get("/scorecards?before=2026-Q1")

    entered = press(client, client.get(led_back(client, identity_provider, "helen")))

    assert entered.location == "/scorecards?before=2026-Q1"
    assert HELEN.name in client.get("/sessions").text
    assert "company account" in client.get("/sessions").text
    with door.database.sessions() as session:
        rows = session.execute(select(Staff.email, Staff.role, Staff.name, Staff.given_by)).tuples().all()
        ways = session.scalars(select(StaffSession.way)).all()
        noted = session.execute(select(AuditEntry.actor, AuditEntry.subject, AuditEntry.details)).tuples().all()
        told = session.execute(
            select(Message.recipient, Message.params).where(Message.name == "role_given").order_by(Message.recipient)
        ).tuples()
        mailed = [(recipient, (params or {})["who"], (params or {})["given"]) for recipient, params in told]
    assert rows[1:] == [(HELEN.email, Role.HR, HELEN.name, GivenBy.OIDC)]
    assert ways == [WayIn.OIDC]
    assert mailed == [(address, HELEN.email, ["group"]) for address in (CAROL.email, HELEN.email)]
    assert noted == [("identity provider", "staff:2", {"given": ["hr"], "taken": []})]


def test_the_answer_of_the_provider_writes_nothing_until_the_button_is_pressed(
    door: Door, identity_provider: IdentityProvider, written: list[str]
) -> None:
    client = door.app.test_client()
    path = led_back(client, identity_provider, "helen")
    written.clear()

    pages = [client.get(path).status_code for _ in range(2)]  # loaded again, the code is not used again

    assert (pages, written, roles(door)) == ([200, 200], [], {})


def test_a_role_goes_with_its_group_and_others_stay(door: Door, identity_provider: IdentityProvider) -> None:
    staff(door.database.session, HELEN.email, Role.AUDITOR, now=door.moment)
    door.database.session.commit()
    first, _ = come_in(door, identity_provider, "helen")
    assert roles(door)[Role.HR] == (True, GivenBy.OIDC)
    with door.database.sessions.begin() as session:  # the provider of the tests changes nobody's groups
        forget_company_account(session, HELEN.email)

    second, _ = come_in(door, identity_provider, "helen-moved")

    assert roles(door) == {Role.AUDITOR: (True, GivenBy.COMMAND), Role.HR: (False, GivenBy.OIDC)}
    assert [one.get("/scorecards").status_code for one in (first, second)] == [403, 403]


def test_whoever_the_departments_name_as_head_comes_in_without_a_group(
    door: Door, identity_provider: IdentityProvider
) -> None:
    department(door.database.session, "IT", head_email=BOB.email)
    door.database.session.commit()

    client, _ = come_in(door, identity_provider, "bob")

    assert client.get("/scorecards").status_code == 200
    assert roles(door) == {Role.HEAD: (True, GivenBy.TREE)}


def test_a_colleague_without_a_role_is_told_whom_to_ask(door: Door, identity_provider: IdentityProvider) -> None:
    client, refused = come_in(door, identity_provider, "helen-moved")

    assert refused.status_code == 403
    assert "You are signed in there as helen@example.com. Ask an administrator of Parity for a role." in refused.text
    assert client.get("/sessions").location == "/sign-in"
    with door.database.sessions() as session:
        assert session.scalars(select(CompanyAccount)).all() == []  # of strangers nothing is kept


@pytest.mark.parametrize("login", ["mallory", "nameless", "unsaid"])
def test_an_account_without_a_verified_address_stays_outside(
    door: Door, identity_provider: IdentityProvider, login: str
) -> None:
    staff(door.database.session, HELEN.email, Role.HR, now=door.moment)
    door.database.session.commit()
    client = door.app.test_client()

    refused = client.get(led_back(client, identity_provider, login))

    assert refused.status_code == 403
    assert "Your company account names no confirmed mail address" in refused.text
    assert client.post(CALLBACK).status_code == 400


def test_an_address_belongs_to_the_account_that_came_first_until_it_is_forgotten(
    door: Door, identity_provider: IdentityProvider
) -> None:
    staff(door.database.session, CAROL.email, Role.ADMIN, now=door.moment)
    door.database.session.commit()
    come_in(door, identity_provider, "helen")
    _, refused = come_in(door, identity_provider, "helen-new")
    carol, page = door.signed_in(CAROL.email), "/admin/staff/2"
    assert "They came in with it first on" in carol.get(page).text

    forgotten = [door.post(carol, f"{page}/company-account", {}, shown=page) for _ in range(2)]
    _, entered = come_in(door, identity_provider, "helen-new")
    _, late = come_in(door, identity_provider, "helen")

    assert [answer.status_code for answer in (refused, *forgotten, entered, late)] == [403, 303, 303, 303, 403]
    assert "helen@example.com came in with another company account before." in refused.text
    with door.database.sessions() as session:
        mailed = session.execute(select(Message.recipient, Message.params).where(Message.name == "way_in_changed"))
        told = [(recipient, (params or {})["change"]) for recipient, params in mailed.tuples()]
        noted = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "staff.way_in_changed")).all()
    assert told == [(HELEN.email, "company_account_forgotten")]
    assert noted == [{"way": "company_account", "change": "forgotten"}]


def test_an_answer_is_good_only_in_the_browser_that_began(door: Door, identity_provider: IdentityProvider) -> None:
    path = led_back(door.app.test_client(), identity_provider, "helen")

    answers = [door.app.test_client().get(path).status_code for _ in range(2)]

    assert answers == [400, 400]


def test_the_button_is_good_for_a_minute_and_for_forms_of_this_browser(
    door: Door, identity_provider: IdentityProvider
) -> None:
    client = door.app.test_client()
    page = client.get(led_back(client, identity_provider, "carol"))

    forged = client.post(CALLBACK)
    door.wait(seconds=61)
    late = press(client, page)

    assert (forged.status_code, late.status_code, roles(door)) == (400, 400, {})
    assert "One more press" in forged.text


def test_a_group_may_make_an_administrator(door: Door, identity_provider: IdentityProvider) -> None:
    come_in(door, identity_provider, "carol")

    assert roles(door) == {Role.ADMIN: (True, GivenBy.OIDC)}
    with door.database.sessions() as session:
        assert session.scalars(select(Staff.email)).all() == [CAROL.email]


def test_the_button_stands_below_the_form_by_its_name(door: Door) -> None:
    page = door.app.test_client().get("/sign-in").text

    assert re.search(r'<a class="btn second wide" href="/sign-in/oidc">Sign in with Halden account</a>', page)


def test_without_a_provider_there_is_no_such_page(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()

    assert [client.get(path).status_code for path in ("/sign-in/oidc", CALLBACK)] == [404, 404]
    assert "/sign-in/oidc" not in client.get("/sign-in").text


class TestDown:
    """The provider does not answer."""

    @pytest.fixture
    def settings(self, sqlite: Database, identity_provider: IdentityProvider) -> Settings:
        installed = identity_provider.installed(sqlite.settings)
        nowhere = f"127.0.0.1:{free_port()}"
        ours = replace(installed.oidc, issuer=f"http://{nowhere}")
        return replace(installed, oidc=ours, private_hosts=(nowhere,))

    def test_the_way_by_mail_is_offered_and_works(self, door: Door) -> None:
        staff(door.database.session, HELEN.email, Role.HR, now=door.moment)
        door.database.session.commit()
        client = door.app.test_client()

        down = client.get("/sign-in/oidc")

        assert down.status_code == 503
        assert "“Sign in with Halden account” does not work just now. Ask for a link by mail instead." in down.text
        client.post("/sign-in", data={"email": HELEN.email, "csrf_token": form_token(down)})
        assert door.use(client, door.mailed()[0]).status_code == 303
