"""Whoever comes to see more by a change of departments is told, and so are those who can tell whether it was agreed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.periods import Calendar
from app.domain.states import GivenBy, Role
from app.imports.departments import DepartmentRow
from app.models.base import SINCE_EVER
from app.models.messages import Message
from app.upkeep.organisation.department_changes import Ending, Orphans, end_departments, take_back_end
from app.upkeep.organisation.departments import record_departments
from app.upkeep.organisation.named_heads import Named, named_heads, telling_who_sees_more
from app.upkeep.rights.gained import MOST_DEPARTMENTS
from app.upkeep.rights.roles import Wanted, save_account
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.people import person
from tests.builders.statements import counting
from tests.conftest import ALICE, BOB, CAROL, HELEN
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
ZED, DORA = "zed@evil.example", "dora@example.com"
Line = tuple[str, str, str, str]


def row(code: str, **told: Any) -> DepartmentRow:
    return DepartmentRow(line=0, given=frozenset({"name", *told}), code=code, name=code.title(), **told)


def change(database: Database, *rows: DepartmentRow, now: datetime) -> None:
    """Tell, as Carol, what departments are."""
    with telling_who_sees_more(database.session, by=CAROL.email, language="en", calendar=CALENDAR, now=now):
        record_departments(database.session, rows, calendar=CALENDAR, now=now)


def told(database: Database) -> list[str | None]:
    return list(database.session.scalars(select(Message.recipient).order_by(Message.recipient, Message.id)))


def lines(database: Database, recipient: str) -> list[Line]:
    """Return what one is told: who, why to look twice, what, and of which departments."""
    found = database.session.scalars(select(Message.params).where(Message.recipient == recipient).order_by(Message.id))
    told = [one for params in found if params for one in params["lines"]]
    more = [f" +{one['more']}" if one["more"] else "" for one in told]
    return [
        (one["who"], one["mark"], one["sees"], ", ".join(one["departments"]) + rest)
        for one, rest in zip(told, more, strict=True)
    ]


@pytest.fixture
def company(sqlite: Database, now: datetime) -> Database:
    """IT with DESK below it, which Bob heads, and TINY, which Carol heads, stand below OPS; Helen is HR."""
    ops = department(sqlite.session, "OPS")
    it = department(sqlite.session, "IT", parent=ops, head_email=BOB.email)
    department(sqlite.session, "DESK", parent=it)
    tiny = department(sqlite.session, "TINY", parent=ops, head_email=CAROL.email)
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now)
    staff(sqlite.session, HELEN.email, Role.HR, now=now)
    for one in (ALICE, BOB, CAROL):
        person(sqlite.session, one.email, works_in=tiny)
    issue(sqlite.session, it, "2026-Q3", name="IT", posted=now, calendar=CALENDAR)
    sqlite.session.commit()
    return sqlite


def test_a_head_of_a_later_day_is_told_now_and_one_who_stays_is_not(company: Database, now: datetime) -> None:
    later = now + timedelta(days=90)

    change(
        company,
        row("IT", head_email=BOB.email.upper(), valid_from=later),
        row("FIN", head_email=ALICE.email, valid_from=later),
        now=now,
    )

    fin = [(ALICE.email, "", "both", "Fin (FIN)")]
    assert told(company) == [ALICE.email, HELEN.email]
    assert (lines(company, ALICE.email), lines(company, HELEN.email)) == (fin, fin)
    assert Named("FIN", ALICE.email) in named_heads(company.session, now)


def test_a_new_head_stands_before_a_hundred_others_and_is_named_with_the_department(
    company: Database, now: datetime
) -> None:
    invented = [row(f"D{number:03}", head_email=f"a{number:03}@example.com") for number in range(100)]

    change(company, *invented, row("OPS", head_email=ZED), now=now)

    shown = lines(company, HELEN.email)
    assert told(company) == [HELEN.email]
    assert len(shown) == 102
    assert shown[:3] == [
        (ZED, "foreign", "results", "It (IT), Ops (OPS), Desk (DESK), Tiny (TINY)"),
        (ZED, "foreign", "names", "Ops (OPS)"),
        ("a000@example.com", "unknown", "both", "D000 (D000)"),
    ]


def test_a_department_with_results_stands_before_those_invented_to_hide_it(company: Database, now: datetime) -> None:
    invented = [row(f"A{number:02}", parent_code="TINY") for number in range(MOST_DEPARTMENTS)]

    change(company, *invented, row("IT", parent_code="TINY"), now=now)

    results = lines(company, HELEN.email)[0]
    assert results[:3] == (CAROL.email, "administrator", "results")
    assert (results[3].split(", ")[:2], results[3][-3:]) == (["It (IT)", "A00 (A00)"], " +2")


@pytest.mark.parametrize("since", [None, SINCE_EVER])
def test_who_gains_a_department_by_its_move_is_told_of_and_by_its_way_back_nobody(
    company: Database, since: datetime | None, now: datetime
) -> None:
    change(company, row("IT", parent_code="TINY", valid_from=since), now=now)
    change(company, row("IT", parent_code="OPS", valid_from=since), now=now)

    assert told(company) == [HELEN.email]
    assert lines(company, HELEN.email) == [(CAROL.email, "administrator", "results", "It (IT), Desk (DESK)")]


def test_a_past_quarter_that_comes_below_somebody_is_told_of_though_nothing_changes_today(
    company: Database, now: datetime
) -> None:
    change(company, row("IT", parent_code="TINY", valid_from=now - timedelta(days=80)), now=now)
    before = len(lines(company, HELEN.email))

    change(company, row("IT", parent_code="TINY", valid_from=SINCE_EVER), now=now)

    assert (before, len(lines(company, HELEN.email))) == (1, 1)


def test_a_head_who_is_taken_out_leaves_names_to_the_next_one_above(company: Database, now: datetime) -> None:
    change(company, row("IT", parent_code="TINY", head_email=None), now=now)

    assert lines(company, HELEN.email) == [(CAROL.email, "administrator", "both", "It (IT), Desk (DESK)")]


def test_a_head_whose_role_is_taken_away_leaves_names_to_the_next_one_above_and_the_role_s_own_mail_is_enough(
    company: Database, now: datetime
) -> None:
    session, it = company.session, Wanted("Dora", "en", frozenset({Role.HEAD}), ("IT",))
    change(company, row("OPS", head_email=ALICE.email), row("IT", head_email=None), now=now)
    before = len(lines(company, HELEN.email))

    for wanted in (it, Wanted("Dora", "en", frozenset(), ())):
        with telling_who_sees_more(session, by=CAROL.email, role_of=DORA, language="en", calendar=CALENDAR, now=now):
            save_account(session, DORA, wanted, by=GivenBy.PAGE, now=now)

    assert lines(company, HELEN.email)[before:] == [(ALICE.email, "", "names", "It (IT), Desk (DESK)")]
    last = session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert (last.recipient, last.params and last.params["given"], last.params and last.params["who"]) == (
        ALICE.email,
        ["left"],
        DORA,
    )


def test_steps_within_one_another_are_one_change_and_one_mail(company: Database, now: datetime) -> None:
    with telling_who_sees_more(company.session, by=CAROL.email, language="en", calendar=CALENDAR, now=now):
        change(company, row("NEW", head_email=ALICE.email), now=now)
        change(company, row("IT", parent_code="NEW"), now=now)

    assert (told(company), len(lines(company, HELEN.email))) == ([ALICE.email, HELEN.email], 2)


def end(database: Database, now: datetime) -> None:
    ending = Ending(codes=("IT",), at=now + timedelta(days=2), successor="TINY", orphans=Orphans.SUCCESSOR)
    end_departments(database.session, ending, calendar=CALENDAR, now=now)


def test_what_follows_from_an_end_and_from_taking_it_back_is_told(company: Database, now: datetime) -> None:
    with telling_who_sees_more(company.session, by=CAROL.email, language="en", calendar=CALENDAR, now=now):
        end(company, now)
    with telling_who_sees_more(company.session, by=CAROL.email, language="en", calendar=CALENDAR, now=now):
        take_back_end(company.session, "IT", calendar=CALENDAR, now=now)

    assert lines(company, HELEN.email) == [
        (CAROL.email, "administrator", "both", "Desk (DESK)"),
        (BOB.email, "", "both", "It (IT), Desk (DESK)"),
    ]


def test_a_table_costs_the_same_reads_with_any_number_of_departments(company: Database, now: datetime) -> None:
    """Four are the table's own; two before and two after, and eight where somebody gains, compare what is seen."""
    reads = []
    for number in (0, 1, 40):
        told = [row(f"N{number}-{one}", head_email=ALICE.email) for one in range(number)]
        with counting(company.engine) as statements:
            change(company, *told, now=now)
        reads.append(sum(one.startswith("SELECT") for one in statements))

    assert reads == [8, 16, 16]
