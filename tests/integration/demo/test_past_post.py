"""HR of the sample company sends what it has read, and the mailbox keeps the newest scorecards as they left."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from app.demo import closing
from app.demo.posting import PastPost
from app.domain.asking_policy import Posting
from app.domain.periods import Period
from app.domain.states import MessageState, Role
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.pipeline.scorecards.drawing import Drawn, store_files
from tests.builders.asking import asking
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.messages import waiting_invitation
from tests.builders.service_requests import CALENDAR
from tests.mail.post_office import LINKS, PostOffice
from tests.servers.databases import Database

SUNDAY, MONDAY = datetime(2026, 10, 18, 8, tzinfo=UTC), datetime(2026, 10, 19, 8, tzinfo=UTC)
LATER_THAT_DAY, LONG_AFTER = datetime(2026, 10, 19, 9, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
Q3 = Period(2026, 3)
REVIEWED = asking(posting=Posting.AFTER_REVIEW)


def frozen(database: Database) -> None:
    """Two quarters of a department wait for HR."""
    session = database.session
    staff(session, "helga.lindner@halden.example", Role.HR, now=SUNDAY)
    place = department(session, "IT", head_email="bob@example.com")
    for period in (Q3, Q3.following):
        row = issue(session, place, str(period), posted=None, calendar=CALENDAR)
        store_files(session, row.id, "en", Drawn(None, b"%PDF"))
    session.commit()


def approved(database: Database) -> list[str]:
    found = select(PeriodRecord.period).where(PeriodRecord.posting_approved_by == "staff:1")
    return list(database.session.scalars(found.order_by(PeriodRecord.period)))


def test_hr_sends_on_a_working_day_and_leaves_the_last_quarter_to_the_visitor(sqlite: Database) -> None:
    frozen(sqlite)
    found = []

    for now in (SUNDAY, MONDAY, LONG_AFTER):
        closing.send(sqlite.session, REVIEWED, until=Q3, now=now)
        found.append(approved(sqlite))

    assert found == [[], ["2026-Q3"], ["2026-Q3"]]


def test_the_newest_scorecards_keep_the_day_on_which_they_left(sqlite: Database) -> None:
    frozen(sqlite)
    waiting_invitation(sqlite.session, "alice@example.com", due_at=MONDAY)
    office = PostOffice()
    post = PastPost(LINKS, office.send, ("en",), LONG_AFTER, newest_scorecards=Q3)
    closing.send(sqlite.session, REVIEWED, until=Q3, now=MONDAY)
    post.scorecards(sqlite.session, REVIEWED, MONDAY)
    sqlite.session.commit()

    post.deliver(sqlite.sessions, REVIEWED, LATER_THAT_DAY)

    kept = [(envelope.recipient, envelope.date.date()) for _mail, envelope in office.accepted]
    assert kept == [("bob@example.com", date(2026, 10, 19))]
    assert (set(sqlite.session.scalars(select(Message.state))), post.counted) == ({MessageState.SENT}, 1)
