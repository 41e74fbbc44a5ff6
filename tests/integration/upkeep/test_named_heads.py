"""Whom the table of departments names as head is told, and so are those who can tell whether it was agreed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.periods import Calendar
from app.domain.states import Role
from app.imports.departments import DepartmentRow
from app.models.messages import Message
from app.upkeep.departments import record_departments
from app.upkeep.named_heads import MOST_TOLD, Named, named_heads, telling_new_heads
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.conftest import ALICE, BOB, CAROL, HELEN
from tests.servers.databases import Database

UTC = ZoneInfo("UTC")


def name_heads(database: Database, heads: dict[str, str], *, at: datetime, now: datetime) -> None:
    """Tell, as Carol, who heads which departments from a moment on."""
    rows = [
        DepartmentRow(
            line=0,
            given=frozenset({"name", "head_email", "valid_from"}),
            code=code,
            name=code,
            head_email=head,
            valid_from=at,
        )
        for code, head in heads.items()
    ]
    with telling_new_heads(database.session, by=CAROL.email, language="en", zone=UTC, now=now):
        record_departments(database.session, rows, calendar=Calendar(UTC), now=now)


def told(database: Database) -> list[tuple[str | None, str]]:
    found = database.session.scalars(select(Message).order_by(Message.recipient, Message.id))
    return [(one.recipient, str((one.params or {})["who"])) for one in found]


def company(database: Database, now: datetime) -> None:
    department(database.session, "IT", head_email=BOB.email)
    staff(database.session, CAROL.email, Role.ADMIN, now=now)
    staff(database.session, HELEN.email, Role.HR, now=now)


def test_a_head_of_a_later_day_is_told_now_and_one_who_stays_is_not(sqlite: Database, now: datetime) -> None:
    company(sqlite, now)

    name_heads(sqlite, {"IT": BOB.email.upper(), "FIN": ALICE.email}, at=now + timedelta(days=90), now=now)

    assert told(sqlite) == [(ALICE.email, ALICE.email), (HELEN.email, ALICE.email)]
    assert named_heads(sqlite.session, now) == {Named("IT", BOB.email), Named("FIN", ALICE.email)}


def test_a_table_of_many_heads_is_one_mail_to_those_who_watch(sqlite: Database, now: datetime) -> None:
    company(sqlite, now)
    heads = {f"D{number:02}": f"head{number:02}@example.com" for number in range(MOST_TOLD + 1)}

    name_heads(sqlite, heads, at=now, now=now)

    first_ten = ", ".join(list(heads.values())[:10])
    assert told(sqlite) == [(HELEN.email, f"{first_ten}, …")]
