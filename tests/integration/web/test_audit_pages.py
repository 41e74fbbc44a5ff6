"""Administrators and auditors read the log: newest first, by act, by address, a page at a time."""

from datetime import datetime

import pytest
from flask import Flask

from app.domain.auditing import COMMAND_LINE, Act
from app.domain.states import Role
from app.upkeep.audit import note, person_subject
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

AUDITOR = "nina@example.com"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    door, session = Door(sqlite_app, sqlite, now), sqlite.session
    carol = staff(session, CAROL.email, Role.ADMIN, now=now)
    staff(session, AUDITOR, Role.AUDITOR, now=now)
    for number in range(55):
        note(session, f"staff:{carol.id}", Act.POLICY_SET, "policy", {"version": number}, now=now)
    alice = person_subject(door.links.keys, ALICE.email)
    note(session, COMMAND_LINE, Act.PERSON_EXPORTED, alice, {"<b>": "<script>"}, now=now)
    session.commit()
    return door


def test_the_newest_comes_first_and_older_ones_follow(door: Door) -> None:
    nina = door.signed_in(AUDITOR)

    first = nina.get("/admin/log").text
    older = nina.get(first.split('<p class="more"><a class="btn second" href="')[1].split('"')[0]).text

    assert first.index("personal data exported</a>") < first.index("policy switched on</a>")
    assert (first.count('<th scope="row">'), older.count('<th scope="row">')) == (50, 6)
    assert "command line" in first
    assert CAROL.email in older


@pytest.mark.parametrize(
    ("query", "count"),
    [("act=person.exported", 1), (f"about={ALICE.email.upper()}", 1), (f"about={CAROL.email}", 50), ("about=x", 0)],
)
def test_it_is_filtered_by_act_and_by_address(door: Door, query: str, count: int) -> None:
    page = door.signed_in(AUDITOR).get(f"/admin/log?{query}").text

    assert page.count('<th scope="row">') == count
    assert ("There is no such entry." in page) == (count == 0)


def test_an_entry_shows_all_that_it_holds_and_what_it_hangs_on(door: Door) -> None:
    page = door.signed_in(CAROL.email).get("/admin/log/56").text

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert page.count("sha256:") == 2


@pytest.mark.parametrize("path", ["/admin/log/9999", "/admin/log?act=made.up", "/admin/log?cursor=zzz"])
def test_what_is_not_there_is_404(door: Door, path: str) -> None:
    assert door.signed_in(AUDITOR).get(path).status_code == 404


def test_a_page_costs_the_same_however_long_the_log(door: Door) -> None:
    nina, counts = door.signed_in(AUDITOR), []
    for query in ("?act=person.exported", ""):
        with counting(door.app) as statements:
            nina.get(f"/admin/log{query}")
        counts.append(len(statements))

    assert counts == [5, 5]
