"""What people are called on pages: one name, and an address where a name alone could be somebody else's."""

from datetime import datetime, timedelta

from app.domain.states import Role
from app.models.people import PersonVersion
from app.reports.called import called
from tests.builders.issued import staff
from tests.builders.people import person
from tests.conftest import ALICE, BOB, CAROL, HELEN
from tests.servers.databases import Database


def test_people_go_by_their_last_name_and_by_name_and_address_where_two_share_it(
    sqlite: Database, now: datetime
) -> None:
    session = sqlite.session
    alice = person(session, ALICE.email, name="Alice Maiden")
    session.add(PersonVersion(person_id=alice.id, name="Alice Married", valid_from=now))
    session.add(PersonVersion(person_id=alice.id, name="Alice Later", valid_from=now + timedelta(days=9)))
    person(session, BOB.email, name="Helen")
    staff(session, HELEN.email, Role.HR, now=now, name="Helen")
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.flush()

    words = called(session, {one.email for one in (ALICE, BOB, CAROL, HELEN)}, now)

    assert words == {
        ALICE.email: "Alice Married",
        BOB.email: f"Helen ({BOB.email})",
        CAROL.email: CAROL.email,
        HELEN.email: f"Helen ({HELEN.email})",
    }
