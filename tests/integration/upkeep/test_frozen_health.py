"""What was changed in the database after the freeze is found, whichever way it was changed."""

from datetime import datetime

from sqlalchemy import text

from app.foundations.crypto import Keys
from app.upkeep.running.doctor import examine
from app.upkeep.running.frozen_health import changed
from tests.builders.culture import culture, freeze_documents, scorecard
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.builders.service_requests import CALENDAR
from tests.servers.databases import Database

CHANGES = {
    "NAME": "UPDATE scorecards SET name = 'Sales' WHERE id = :id",
    "FINDING": """UPDATE scorecards SET finding = '{"key": "finding.none", "params": {}}' WHERE id = :id""",
    "DOCUMENT": "UPDATE scorecards SET document = replace(document, 'IT Support', 'Support') WHERE id = :id",
    "CUT-SHORT": "UPDATE scorecards SET document = substr(document, 1, 100) WHERE id = :id",
    "DIGEST": "UPDATE scorecards SET digest = 'sha256:00' WHERE id = :id",
    "PERIOD": "UPDATE scorecards SET period = '2026-Q2' WHERE id = :id",
    "REVISION": "UPDATE scorecards SET revision = 7 WHERE id = :id",
}
UNTOUCHED = "UPDATE scorecards SET people = people WHERE id = :id"


def test_every_change_of_a_frozen_document_or_of_what_stands_beside_it_is_found(
    database: Database, now: datetime
) -> None:
    session = database.session
    for code, change in [("AS-FROZEN", UNTOUCHED), *CHANGES.items()]:
        row = issue(session, department(session, code, staff_count=9), posted=now, calendar=CALENDAR)
        session.execute(text(change), {"id": row.id})
    it = scorecard("IT", (39, 60), {"HR": (14, 30), "SALES": (25, 30)})
    freeze_documents(session, culture(it), culture(it, revision=2))
    session.execute(text("UPDATE culture_revisions SET document = replace(document, 'IT', 'HR') WHERE revision = 2"))
    session.commit()

    told = examine(session, database.settings, Keys(("0123456789abcdef0123456789abcdef",)), now=now)

    found = [
        *("NAME 2026-Q3 r1", "FINDING 2026-Q3 r1", "DOCUMENT 2026-Q3 r1", "CUT-SHORT 2026-Q3 r1"),
        *("DIGEST 2026-Q3 r1", "PERIOD 2026-Q2 r1", "REVISION 2026-Q3 r7", "2026-Q3 r2"),
    ]
    assert list(changed(session)) == found
    assert [one for one in told if "frozen document" in one] == [
        f"8 frozen documents are not as they were frozen: {', '.join(found)}. Compare them with a backup."
    ]
