"""Heads hear that colleagues asked to be contacted: once a working morning, a count and never a name."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.asking_policy import AskingPolicy
from app.domain.states import FollowUpState, Role
from app.models.departments import Department, DepartmentVersion
from app.models.follow_ups import FollowUp
from app.models.messages import Message
from app.pipeline import follow_ups
from app.upkeep.staff.accounts import add_staff
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import BOB, CAROL, MALLORY
from tests.servers.databases import Database

FRIDAY = datetime(2026, 11, 13, 11, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)  # 09:00 in Berlin, where Bob is
TUESDAY = MONDAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Place:
    """Mallory heads OPS; below it Bob heads IT, and DESK below IT has no head."""

    def __init__(self, database: Database) -> None:
        self.session = database.session
        self.ops = department(self.session, "OPS", head_email=MALLORY.email)
        self.it = department(self.session, "IT", name="IT Support", parent=self.ops, head_email="Bob@Example.com")
        self.desk = department(self.session, "DESK", name="Service Desk", parent=self.it)
        person(self.session, BOB.email, name="Bob Head", language="de", time_zone="Europe/Berlin")
        self.session.flush()

    def case(self, provider: Department, asked_at: datetime, state: FollowUpState = FollowUpState.WAITING) -> FollowUp:
        number = len(self.session.scalars(select(FollowUp.id)).all())
        who = person(self.session, f"ines{number}@example.com", name="Ines Varga")
        cycle = completed_request(self.session, provider, who, asked_at)
        invited = invitation(self.session, cycle, sent_at=asked_at)
        ids = {"invitation_id": invited.id, "person_id": who.id, "department_id": provider.id}
        row = FollowUp(**ids, period=invited.period, state=state, created_at=asked_at)
        self.session.add(row)
        self.session.flush()
        return row

    def tell(self, now: datetime) -> int:
        policy, zone = AskingPolicy(), ZoneInfo("UTC")
        return follow_ups.tell_heads(self.session, policy=policy, languages=("en", "de"), time_zone=zone, now=now)

    def mails(self) -> list[tuple[str | None, str, int]]:
        rows = self.session.scalars(select(Message).order_by(Message.id))
        return [(row.recipient, f"{row.due_at:%d %H:%M}", (row.params or {})["count"]) for row in rows]


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database)


def test_cases_of_the_weekend_make_one_mail_on_monday_morning_of_the_head(place: Place) -> None:
    place.case(place.it, FRIDAY)
    place.case(place.desk, FRIDAY + timedelta(days=1))

    early, told, again = place.tell(MONDAY - MINUTE), place.tell(MONDAY), place.tell(MONDAY + MINUTE)

    assert (early, told, again) == (0, 1, 0)
    (message,) = place.session.scalars(select(Message)).all()
    assert (message.recipient, message.language, message.due_at) == (BOB.email, "de", MONDAY)
    assert message.params == {
        "recipient_name": "Bob Head",
        "departments": ["IT Support", "Service Desk"],
        "count": 2,
        "since": "2026-11-13",
    }


def test_who_asks_later_that_day_waits_for_the_next_morning(place: Place) -> None:
    place.case(place.it, FRIDAY)
    place.tell(MONDAY)
    place.case(place.it, MONDAY + timedelta(hours=1))

    same_day, next_day, following = place.tell(MONDAY + timedelta(hours=6)), place.tell(TUESDAY), place.tell(TUESDAY)

    assert (same_day, next_day, following) == (0, 1, 0)
    assert place.mails() == [(BOB.email, "16 08:00", 1), (BOB.email, "17 08:00", 2)]


def test_old_cases_alone_make_no_second_mail(place: Place) -> None:
    place.case(place.it, FRIDAY)
    place.tell(MONDAY)

    assert [place.tell(MONDAY + timedelta(days=days)) for days in range(1, 8)] == [0] * 7


def test_a_worker_that_slept_tells_in_working_hours(place: Place) -> None:
    place.case(place.it, FRIDAY)

    at_seven_in_the_evening, in_the_morning = place.tell(MONDAY + timedelta(hours=10)), place.tell(TUESDAY)

    assert (at_seven_in_the_evening, in_the_morning) == (0, 1)
    assert place.mails() == [(BOB.email, "17 08:00", 1)]


def test_what_was_dealt_with_before_the_morning_makes_no_mail(place: Place) -> None:
    place.case(place.it, FRIDAY, FollowUpState.CONTACTED)
    place.case(place.ops, FRIDAY, FollowUpState.DONE)

    assert place.tell(MONDAY) == 0


def test_a_new_head_hears_of_what_still_waits(place: Place) -> None:
    place.case(place.it, FRIDAY)
    place.tell(MONDAY)
    version = place.session.scalars(
        select(DepartmentVersion).where(DepartmentVersion.department_id == place.it.id)
    ).one()
    version.head_email = CAROL.email

    assert place.tell(TUESDAY + timedelta(hours=2)) == 1
    assert place.mails()[-1] == (CAROL.email, "17 10:00", 1)


def test_who_was_given_the_department_hears_of_it_too_and_the_head_above_does_not(place: Place) -> None:
    add_staff(place.session, CAROL.email, Role.HEAD, department_code="IT", now=FRIDAY)
    place.case(place.desk, FRIDAY)

    place.tell(MONDAY + timedelta(hours=1))

    assert sorted(place.mails()) == [(BOB.email, "16 09:00", 1), (CAROL.email, "16 09:00", 1)]


def test_where_nobody_heads_the_line_nobody_is_mailed(place: Place) -> None:
    place.case(department(place.session, "ALONE"), FRIDAY)

    assert place.tell(MONDAY) == 0
