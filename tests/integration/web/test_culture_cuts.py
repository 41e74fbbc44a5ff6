"""HR's pages beside the document: departments beside each other, and one cut of the cube at a time."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.domain.scorecards.cuts import CUT_BLOCKS
from app.domain.states import Role
from app.models.scorecards import ScorecardRevision
from tests.builders.culture import ASKED, VOICES, company, culture, forget_drawn, freeze_documents, scorecard, share
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import HELEN
from tests.numbers_read import numbers_of
from tests.servers.databases import Database

SHOWN = (41, 60)
# Figures that no other number of a page looks like: 73 %, 53 to 87, n 26; 84 %, 65 to 94, n 25.
SECRET = {"yes": share(19, 26), "no": share(21, 25)}
CUTS = [f"/cuts/{cut}" for cut in CUT_BLOCKS]


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    forget_drawn()
    return Door(sqlite_app, sqlite, now)


def freeze(door: Door, period: str, *cards: dict[str, Any]) -> None:
    """Freeze scorecards and the document that is made of them as if it were of another quarter."""
    session = door.database.session
    whole = culture(*cards, company=company(), asked=ASKED, voices=VOICES) | {"period": period}
    freeze_documents(session, whole)
    for card in cards:
        code = card["department"]["code"]
        row = session.query(ScorecardRevision.department_id).filter(ScorecardRevision.document.contains(f'"{code}"'))
        known = row.first()
        session.add(
            ScorecardRevision(
                department_id=known[0] if known else department(session, code).id,
                period=period,
                revision=1,
                frozen_at=datetime.fromisoformat(whole["frozen_at"]),
                digest="sha256:" + "0" * 64,
                document=json.dumps(card | {"period": period}),
            )
        )
    session.commit()


def by_clock(**found: Any) -> list[dict[str, Any]]:
    return [{"value": value, "top_two_box": figure} for value, figure in found.items()]


def words_of(text: str) -> str:
    """Return what a page says, without its markup; pictures say their numbers in it, too."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.DOTALL))


def as_written(secret: Any) -> set[str]:
    """Return how a page would write the figures of one hidden row."""
    whole = {f"{number * 100:.0f}" if number < 1 else f"{number:.0f}" for number in numbers_of(secret)}
    return {number for number in whole if len(number) > 1}


def test_no_page_tells_a_number_that_the_document_hides(door: Door) -> None:
    hidden = ("by_on_time:yes", "by_on_time:no")
    freeze(door, "2026-Q2", scorecard("IT", SHOWN, by_on_time=by_clock(**SECRET)))
    freeze(door, "2026-Q3", scorecard("IT", SHOWN, by_on_time=[], hidden=hidden))
    helen = door.signed_in(HELEN.email)

    def told(period: str) -> set[str]:
        paths = ["", "/departments", "/explore", "/explore.json", *CUTS, *(f"{cut}?department=IT" for cut in CUTS)]
        pages = [helen.get(f"/culture/{period}{path}") for path in paths]
        assert {page.status_code for page in pages} == {200}
        return {number for page in pages for number in re.findall(r"\d+", words_of(page.text))}

    secrets = as_written(SECRET)
    assert secrets == {"73", "54", "86", "26", "84", "65", "94", "25"}
    assert told("2026-Q2") >= secrets
    telling = secrets - told_anyway(door)
    assert len(telling) >= 4, telling
    assert told("2026-Q3") & telling == set()


def told_anyway(door: Door) -> set[str]:
    """Return the numbers of a page about a document without that department."""
    freeze(door, "2026-Q1", scorecard("IT", SHOWN))
    helen = door.signed_in(HELEN.email)
    pages = [helen.get(f"/culture/2026-Q1{path}").text for path in ("", "/departments", "/explore", "/explore.json")]
    return {number for page in pages for number in re.findall(r"\d+", words_of(page))}


def test_a_hidden_department_is_no_point_and_says_so_in_the_table(door: Door) -> None:
    freeze(door, "2026-Q3", scorecard("IT", None, hidden=("internal",)), scorecard("FM", SHOWN))
    helen = door.signed_in(HELEN.email)

    points, page = helen.get("/culture/2026-Q3/explore.json").json, helen.get("/culture/2026-Q3/explore").text

    assert points is not None
    assert [point["name"] for point in points["points"]] == ["Fm"]
    none = '<td class="r none" data-k="n"><div>–</div></td>'
    hidden = '<td class="r hidden-cell" data-k="Colleagues satisfied"><div><span>hidden</span></div></td>'
    assert f'<th scope="row">It</th>{none}{hidden}' in page
    assert ('<section class="section-gap stack explore"' in page, "hidden>" in page) == (True, True)


def test_a_hidden_cut_is_a_page_with_a_plain_sentence(door: Door) -> None:
    freeze(door, "2026-Q3", scorecard("IT", None, hidden=("internal",)), scorecard("FM", SHOWN))

    answer = door.signed_in(HELEN.email).get("/culture/2026-Q3/cuts/on_time?department=IT")

    assert answer.status_code == 200
    assert '<p role="status">This may not be shown: it would tell about fewer than 5 people.</p>' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "cuts/on_time?gender=f",
        "cuts/on_time?department=IT&request_type=access",
        "cuts/on_time?department=NONE",
        "cuts/staff_age",
        "cuts/by_on_time",
        "cuts?revision=7",
        "cuts/on_time?revision=7",
    ],
)
def test_no_other_way_to_look_at_a_part_is_there(door: Door, path: str) -> None:
    freeze(door, "2026-Q3", scorecard("IT", SHOWN, by_on_time=by_clock(**SECRET)))
    helen = door.signed_in(HELEN.email)

    assert helen.get("/culture/2026-Q3/cuts/on_time").status_code == 200
    assert helen.get(f"/culture/2026-Q3/{path}").status_code == 404


def test_the_pages_of_a_quarter_lead_to_each_other_at_their_revision(door: Door) -> None:
    clock = by_clock(**SECRET)
    types = [{"value": "access", "top_two_box": share(19, 26)}]
    freeze(door, "2026-Q2", scorecard("IT", SHOWN))
    freeze(door, "2026-Q3", scorecard("IT", SHOWN, by_on_time=clock, by_request_type=types))
    helen = door.signed_in(HELEN.email)

    first, beside, cut = (
        helen.get(f"/culture/2026-Q3{path}").text for path in ("", "/departments", "/cuts/on_time?department=IT")
    )

    assert 'href="/culture/2026-Q3/departments?revision=1"' in first
    assert 'href="/culture/2026-Q3/cuts?revision=1"' in first
    assert 'href="/culture/2026-Q3?revision=1"' in beside
    assert 'href="/culture/2026-Q2/departments"' in beside
    assert 'href="/culture/2026-Q3/cuts/request_type?department=IT&amp;revision=1"' in cut
    assert '<option value="IT" selected>It</option>' in cut


def test_what_can_show_nothing_is_not_offered_and_is_not_where_it_begins(door: Door) -> None:
    hidden = scorecard("IT", SHOWN, hidden=("by_requester_department:HR", "by_reopened:yes"))
    freeze(door, "2026-Q3", hidden, scorecard("FM", SHOWN, by_on_time=by_clock(**SECRET)))
    helen = door.signed_in(HELEN.email)

    begins = helen.get("/culture/2026-Q3/cuts")
    page = helen.get(begins.location).text

    assert begins.location == "/culture/2026-Q3/cuts/on_time?revision=1"
    assert re.findall(r'href="/culture/2026-Q3/cuts/(\w+)', page) == ["on_time"]
    assert re.findall(r'<option value="(\w*)"', page) == ["", "FM"]


def test_each_page_shows_only_its_part(door: Door) -> None:
    freeze(door, "2026-Q3", scorecard("IT", SHOWN), scorecard("FM", SHOWN))
    helen = door.signed_in(HELEN.email)

    company_page, beside = (helen.get(f"/culture/2026-Q3{path}").text for path in ("", "/departments"))

    assert ('id="measures"' in company_page, 'id="departments"' in company_page) == (True, False)
    assert ('id="measures"' in beside, 'id="departments"' in beside) == (False, True)


@pytest.mark.parametrize(("path", "count"), [("cuts/on_time", 7), ("explore", 5), ("explore.json", 4)])
@pytest.mark.parametrize("codes", [("IT",), ("IT", "FM", "PAY")])
def test_many_departments_cost_what_one_costs(door: Door, codes: tuple[str, ...], path: str, count: int) -> None:
    freeze(door, "2026-Q3", *(scorecard(code, SHOWN, by_on_time=by_clock(**SECRET)) for code in codes))
    helen = door.signed_in(HELEN.email)

    with counting(door.app) as statements:
        helen.get(f"/culture/2026-Q3/{path}")

    assert len(statements) == count, statements
