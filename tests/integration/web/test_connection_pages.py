"""Trackers and sources on their pages: adding with what is shown once, changing, switching, handing to the worker."""

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.auditing import Act
from app.domain.states import ChoreKind, ConnectionSide, Role
from app.foundations.crypto import Keys
from app.models.audit import AuditEntry
from app.models.chores import Chore
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.service_requests import ServiceRequest
from app.upkeep.connections.adding import add_connection
from app.upkeep.running import chores
from app.web.frame.once import SHOWN_FOR
from tests.builders.bad_input import bad_posts
from tests.builders.connections import JIRA, alive, delivery, jira
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

LIST = "/admin/trackers"
NEW = f"{LIST}/new/tracker/jira"
TYPED = {f"set_{name}": value for name, value in JIRA.items()}
DAN = "dan@example.com"


def staffed(app: Flask, database: Database, now: datetime) -> Door:
    for email in (CAROL.email, DAN):
        staff(database.session, email, Role.ADMIN, now=now)
    database.session.commit()
    return Door(app, database, now)


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return staffed(sqlite_app, sqlite, now)


@pytest.fixture
def either(app: Flask, database: Database, now: datetime) -> Door:
    """The same on both databases, for what they lock."""
    return staffed(app, database, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def ours(door: Door) -> Keys:
    keys: Keys = door.app.extensions["parity_keys"]
    return keys


def stored(door: Door, slug: str = "it") -> Connection:
    with door.database.sessions() as session:
        return session.scalars(select(Connection).where(Connection.slug == slug)).one()


def acts(door: Door) -> list[tuple[str, str, dict[str, Any]]]:
    with door.database.sessions() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.subject, row.details) for row in rows if row.subject.startswith("tracker:")]


def asked(door: Door) -> list[tuple[str, dict[str, Any]]]:
    with door.database.sessions() as session:
        return [(chore.kind, chore.params) for chore in session.scalars(select(Chore).order_by(Chore.id))]


def typed(client: FlaskClient, path: str, **changed: str) -> dict[str, str]:
    """Return what the form at `path` sends: everything that stands in it, and what is typed over it."""
    page = client.get(path)
    filled = dict(re.findall(r'<input type="(?:text|date)" id="[^"]+" name="([^"]+)"[^>]* value="([^"]*)"', page.text))
    return {**filled, **hidden_fields(page), **changed}


def test_a_tracker_is_added_its_key_and_secret_are_shown_once_and_the_worker_registers_it(
    door: Door, carol: FlaskClient
) -> None:
    answer = carol.post(NEW, data=typed(carol, NEW, slug="it", **TYPED))
    added, again = carol.get(answer.location), carol.get(answer.location)

    base_url = door.app.extensions["parity_settings"].base_url
    address = re.search(rf"{base_url}/hooks/it/[\w-]{{32}}", added.text)
    assert (answer.status_code, added.status_code, bool(address)) == (303, 200, True)
    assert added.headers["Cache-Control"] == "no-store"
    secrets = [secret for secret in stored(door).signing_secrets(ours(door)) if secret in added.text]
    assert len(secrets) == 1
    assert [word in again.text for word in (address[0] if address else "-", secrets[0])] == [True, True]
    assert stored(door).known_settings(ours(door))["api_token"] == JIRA["api_token"]
    assert asked(door) == [("register_hook", {"slug": "it"})]
    assert acts(door) == [(Act.CONNECTION_ADDED, "tracker:it", {"kind": "jira"})]

    pages = "".join(carol.get(path).text for path in (f"{LIST}/it", f"{LIST}/it/secret", LIST))
    assert address
    assert [word for word in (address[0], secrets[0], JIRA["api_token"]) if word in pages] == []


def test_what_is_shown_once_is_shown_to_nobody_else_and_only_for_a_while(door: Door, carol: FlaskClient) -> None:
    place = carol.post(NEW, data=typed(carol, NEW, slug="it", **TYPED)).location
    (secret,) = stored(door).signing_secrets(ours(door))
    pages = [carol.get(place), door.signed_in(DAN).get(place)]
    door.moment += SHOWN_FOR
    pages.append(carol.get(place))

    assert [(page.status_code, secret in page.text) for page in pages] == [(200, True), (200, False), (200, False)]
    assert ["can no longer be seen" in page.text for page in pages] == [False, True, True]


def test_a_token_that_was_typed_beside_a_fault_is_asked_for_again(door: Door, carol: FlaskClient) -> None:
    refused = carol.post(NEW, data=typed(carol, NEW, slug="No Slug", **TYPED))

    assert refused.text.count("Type this again") == 1
    assert JIRA["api_token"] not in refused.text


def test_the_same_sent_once_more_adds_nothing_and_says_so(door: Door, carol: FlaskClient) -> None:
    data = typed(carol, NEW, slug="it", **TYPED)
    carol.post(NEW, data=data)

    again = carol.post(NEW, data=data)

    assert again.status_code == 422
    assert "&#39;it&#39; exists already" in again.text
    assert JIRA["api_token"] not in again.text
    assert len(acts(door)) == 1


@pytest.mark.parametrize("slug", ["new", "survey", "No Slug", "-x", "x" * 61])
def test_a_name_that_cannot_be_is_refused_at_its_field(door: Door, carol: FlaskClient, slug: str) -> None:
    refused = carol.post(NEW, data=typed(carol, NEW, slug=slug, **TYPED))

    assert refused.status_code == 422
    assert 'id="slug-problem"' in refused.text
    assert acts(door) == []


def test_all_faults_of_a_new_tracker_are_said_at_once(door: Door, carol: FlaskClient) -> None:
    refused = carol.post(
        NEW,
        data=typed(
            carol,
            NEW,
            slug="Our Jira!",
            **TYPED,
        )
        | {"set_base_url": "jira"},
    )

    assert refused.status_code == 422
    assert ['id="slug-problem"' in refused.text, 'id="set_base_url-problem"' in refused.text] == [True, True]


def test_bad_input_is_said_at_its_field_and_breaks_nothing(door: Door, carol: FlaskClient) -> None:
    jira(door.database.session, ours(door), door.moment)
    path = f"{LIST}/it"
    refused = {}

    for field in ("set_base_url", "set_api_token", "set_poll_minutes"):
        answers = bad_posts(carol, path, typed(carol, path), field)
        refused[field] = {kind for kind, answer in answers.items() if answer.status_code == 422}
        assert all(f'id="{field}-problem"' in answers[kind].text for kind in refused[field])

    assert refused == {
        "set_base_url": {"missing", "long", "type", "other", "script", "nul", "number"},
        "set_api_token": {"long", "other"},
        "set_poll_minutes": {"long", "type", "other", "script", "nul", "number"},
    }


def test_settings_are_changed_noted_by_name_and_a_secret_left_empty_stays(door: Door, carol: FlaskClient) -> None:
    jira(door.database.session, ours(door), door.moment)

    saved = carol.post(f"{LIST}/it", data=typed(carol, f"{LIST}/it", set_projects='["IT"]', set_always_fetch="y"))
    same = carol.post(f"{LIST}/it", data=typed(carol, f"{LIST}/it", set_projects='["IT"]', set_always_fetch="y"))

    known = stored(door).known_settings(ours(door))
    assert (saved.status_code, same.status_code) == (303, 303)
    assert (known["projects"], known["always_fetch"], known["api_token"]) == (["IT"], True, JIRA["api_token"])
    assert acts(door) == [(Act.CONNECTION_CHANGED, "tracker:it", {"settings": ["always_fetch", "projects"]})]


def test_a_secret_says_since_when_it_is_set_and_nothing_else(door: Door, carol: FlaskClient) -> None:
    jira(door.database.session, ours(door), door.moment)
    before = carol.get(f"{LIST}/it").text
    door.wait(days=3)
    carol = door.signed_in(CAROL.email)

    carol.post(f"{LIST}/it", data=typed(carol, f"{LIST}/it", set_api_token="another"))

    page = carol.get(f"{LIST}/it").text
    assert "Set on 17\u00a0November 2026" in before
    assert "Set on 20\u00a0November 2026" in page
    assert "another" not in page


def test_of_two_who_edit_at_once_the_second_sees_what_the_first_saved(either: Door) -> None:
    door = either
    jira(door.database.session, ours(door), door.moment)
    carol, dan = door.signed_in(CAROL.email), door.signed_in(DAN)
    of_carol = typed(carol, f"{LIST}/it", set_poll_minutes="5")
    of_dan = typed(dan, f"{LIST}/it", set_poll_minutes="20")

    first = carol.post(f"{LIST}/it", data=of_carol)
    second = dan.post(f"{LIST}/it", data=of_dan)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "was nothing, now 5, you wrote 20" in second.text
    assert stored(door).settings["poll_minutes"] == 5
    knowing = dan.post(f"{LIST}/it", data={**of_dan, **hidden_fields(second)})
    assert (knowing.status_code, stored(door).settings["poll_minutes"]) == (303, 20)


def test_a_source_refuses_what_its_scores_could_not_be_recorded_with(door: Door, carol: FlaskClient) -> None:
    path = f"{LIST}/new/scores/typeform"
    good = {"slug": "forms", "set_form": "f1", "set_token": "t", "set_touchpoint": "portal", "set_instrument": "csat5"}

    strange = carol.post(path, data=typed(carol, path, **good, set_dimension="nonsense"))
    fine = carol.post(path, data=typed(carol, path, **good))

    assert (strange.status_code, 'id="set_dimension-problem"' in strange.text) == (422, True)
    assert (fine.status_code, stored(door, "forms").side) == (303, ConnectionSide.SCORES)
    assert "No department counts the touchpoint portal" in carol.get(f"{LIST}/forms").text


def press(client: FlaskClient, act: str) -> TestResponse:
    token = form_token(client.get(f"{LIST}/it"))
    return client.post(f"{LIST}/it/act", data={"csrf_token": token, "act": act})


def test_buttons_ask_the_worker_and_switch_off_and_on_once(door: Door, carol: FlaskClient) -> None:
    jira(door.database.session, ours(door), door.moment)

    answers = [press(carol, act).status_code for act in ("check", "check", "register", "pause", "pause", "resume", "x")]

    assert answers == [303] * 6 + [404]
    assert asked(door) == [("check_connection", {"slug": "it"}), ("register_hook", {"slug": "it"})]
    assert acts(door) == [
        (Act.CONNECTION_CHANGED, "tracker:it", {"is_active": False}),
        (Act.CONNECTION_CHANGED, "tracker:it", {"is_active": True}),
    ]


def test_the_past_is_asked_for_from_a_day_that_has_begun(door: Door, carol: FlaskClient) -> None:
    jira(door.database.session, ours(door), door.moment)
    path = f"{LIST}/it/past"

    answers = [carol.post(path, data=typed(carol, path, since=day)) for day in ("2027-01-01", "soon", "2026-10-01")]

    assert [answer.status_code for answer in answers] == [422, 422, 303]
    assert asked(door) == [(ChoreKind.BACKFILL, {"slug": "it", "since": "2026-10-01T00:00:00+00:00"})]


def test_a_secret_is_renewed_once_a_page_and_the_old_one_ends_when_the_tool_knows(
    door: Door, carol: FlaskClient
) -> None:
    made = jira(door.database.session, ours(door), door.moment)
    path = f"{LIST}/it/secret"
    fields = hidden_fields(carol.get(path)) | {"act": "renew"}

    renewed, again = carol.post(path, data=fields), carol.post(path, data=fields)

    new, old = stored(door).signing_secrets(ours(door))
    assert (renewed.status_code, new in carol.get(renewed.location).text, old) == (303, True, made.secret)
    assert (again.status_code, "The secret was renewed already." in again.text) == (409, True)
    unsure = carol.post(path, data=hidden_fields(carol.get(path)))
    sure = carol.post(path, data=hidden_fields(carol.get(path)) | {"sure": "y"})
    assert (unsure.status_code, sure.status_code) == (422, 303)
    assert stored(door).signing_secrets(ours(door)) == (new,)
    assert [act for act, _, _ in acts(door)] == [Act.SECRET_RENEWED, Act.OLD_SECRET_FORGOTTEN]


def test_a_removed_tracker_is_gone_with_its_secrets_and_its_requests_keep_the_name(either: Door) -> None:
    session, client = either.database.session, either.signed_in(CAROL.email)
    made = jira(session, ours(either), either.moment, "desk")
    alive(session, "desk", either.moment)
    delivery(session, "desk", either.moment)
    completed_request(session, department(session, "IT"), person(session, ALICE.email), either.moment)
    session.commit()
    path = f"{LIST}/desk/remove"

    asks = client.get(path)
    removed = client.post(path, data=hidden_fields(asks))
    pages = [client.get(f"{LIST}/desk").status_code, client.get(path).status_code]
    again = client.post(NEW, data=typed(client, NEW, slug="desk", **TYPED))
    called = client.post(f"/hooks/desk/{made.hook_key}", data=b"{}").status_code

    row = stored(either, "desk")
    assert "1 request, with surveys" in asks.text
    assert (removed.status_code, removed.location, pages, called) == (303, f"{LIST}?removed=desk", [404, 404], 404)
    assert (again.status_code, "was removed, and what it brought keeps this name" in again.text) == (422, True)
    assert (row.removed_at, row.is_active, row.secret, row.credentials) == (either.moment, False, None, None)
    assert row.settings == {}
    assert "desk</a>" not in client.get(LIST).text
    with either.database.sessions() as fresh:
        assert fresh.scalars(select(Delivery)).all() == []
        assert fresh.scalars(select(ServiceRequest.tracker_id)).all() == [row.id]
    kept = {"kind": "jira", "requests_kept": 1, "scores_kept": 0}
    assert acts(either) == [(Act.CONNECTION_REMOVED, "tracker:desk", kept)]


def test_the_name_of_a_tracker_that_brought_nothing_is_free_again(door: Door, carol: FlaskClient) -> None:
    jira(door.database.session, ours(door), door.moment)
    delivery(door.database.session, "it", door.moment)
    path = f"{LIST}/it/remove"

    removed = carol.post(path, data=hidden_fields(carol.get(path)))
    again = carol.post(NEW, data=typed(carol, NEW, slug="it", **TYPED))

    assert [removed.status_code, again.status_code] == [303, 303]


def test_the_list_says_what_needs_somebody_and_costs_the_same_for_many(door: Door, carol: FlaskClient) -> None:
    session = door.database.session
    jira(session, ours(door), door.moment, "a")
    with counting(door.database.engine) as of_one:
        assert "The tool does not know our hook yet: register it." in carol.get(LIST).text
    for slug in ("b", "c"):
        jira(session, ours(door), door.moment, slug)
        alive(session, slug, door.moment)
    add_connection(
        session,
        ours(door),
        slug="files",
        side=ConnectionSide.SCORES,
        kind="csv",
        settings={},
        base_url="http://parity.test",
        now=door.moment,
    )
    session.commit()

    with counting(door.database.engine) as of_four:
        page = carol.get(LIST).text

    assert len(of_one) == len(of_four)
    assert [page.count(word) for word in ("Needs attention", "Connected", "By file")] == [1, 2, 1]


def test_what_is_not_there_is_not_there(carol: FlaskClient) -> None:
    paths = ("/nobody", "/new/tracker/nothing", "/new/nowhere/jira", "/nobody/past", "/nobody/secret")

    assert [carol.get(f"{LIST}{path}").status_code for path in paths] == [404] * 5


def test_what_lacks_its_proof_names_the_field_to_fill_in_and_a_failed_try_speaks_the_reader_s_language(
    door: Door, carol: FlaskClient
) -> None:
    session = door.database.session
    told: dict[str, Any] = {"webhook_url": "https://acme.bitrix24.com/rest/1/code/"}
    side, base_url = ConnectionSide.TRACKER, "http://parity.test"
    add_connection(
        session, ours(door), slug="b", side=side, kind="bitrix24", settings=told, base_url=base_url, now=door.moment
    )
    chores.ask(session, ChoreKind.CHECK_CONNECTION, "tracker:b", None, by="staff:1", language="en", now=door.moment)
    chore = chores.claim(session, now=door.moment)
    assert chore is not None
    chores.fail(session, chore, "b.example did not answer (no connection comes about)", now=door.moment)
    session.commit()

    english, german = carol.get(LIST).text, carol.get(f"{LIST}/b?lang=de").text

    assert "nothing proves who sends it: fill in “The token of the outgoing webhook” in its settings." in english
    assert "b.example hat nicht geantwortet (es kommt keine Verbindung zustande)" in german
