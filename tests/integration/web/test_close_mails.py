"""HR reads every mail of a quarter before it leaves, and sends one again to who lost it; never to anybody else."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Period
from app.domain.states import MessageState, Role
from app.models.departments import Department, DepartmentVersion
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.models.scorecards import find_revision
from app.pipeline import scorecards
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import set_policy
from app.upkeep.rights import roles
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.service_requests import CALENDAR
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, HELEN, MALLORY
from tests.servers.databases import Database

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
LATER = datetime(2026, 10, 16, 10, tzinfo=UTC)
RITA = "rita@example.com"
LIST = "/close/2026-Q3/mails"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database) -> Door:
    """Bob heads IT; FIN has no head, so HR gets its scorecard; Mallory heads a department that is too small for one."""
    session = sqlite.session
    root = department(session, "ALL", staff_count=200)
    department(session, "TINY", parent=root, staff_count=3, head_email=MALLORY.email)
    issue(session, department(session, "IT", parent=root, head_email=BOB.email), posted=None, calendar=CALENDAR)
    fin = department(session, "FIN", parent=root)
    issue(session, fin, name="Finance", posted=None, calendar=CALENDAR)
    staff(session, HELEN.email, Role.HR, now=NOW, name=HELEN.name)
    session.commit()
    return Door(sqlite_app, sqlite, NOW)


def post(door: Door, revision: int = 1) -> int:
    with door.database.sessions.begin() as session:
        return scorecards.post(
            session,
            Period(2026, 3),
            calendar=CALENDAR,
            policy=AskingPolicy(),
            languages=("en", "de"),
            now=door.moment,
            revision=revision,
            draw=lambda _session, _row, _language: None,
        )


def settle(door: Door, state: MessageState) -> None:
    door.database.session.execute(update(Message).values(state=state, accepted_at=NOW))
    door.database.session.commit()


def press(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(LIST, data={"csrf_token": form_token(client.get("/close/2026-Q3")), **fields})


def again(
    client: FlaskClient, copy: int = 1, *, revision: int = 1, code: str = "IT", recipient: str = BOB.email
) -> TestResponse:
    return press(client, code=code, recipient=recipient, revision=str(revision), copy=str(copy))


def department_of(door: Door, code: str) -> Department:
    return door.database.session.scalars(select(Department).where(Department.code == code)).one()


def keys(door: Door) -> list[str]:
    with door.database.sessions() as session:
        return sorted(session.scalars(select(Message.key).where(Message.name != "sign_in_link")))


def rows(page: TestResponse) -> list[str]:
    """Return the rows of the table as words."""
    found = re.findall(r'<tr><th scope="row"[^>]*>(.*?)</tr>', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_the_list_says_who_gets_what_and_when(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    page = client.get(LIST)

    leaves = "leaves on 18 October, 09:00 there Read it"
    assert rows(page) == [
        f"Finance Helen Human helen@example.com · en · HR, since nobody heads it {leaves} : Finance, helen@example.com",
        f"IT Support bob@example.com · en {leaves} : IT Support, bob@example.com",
        f"Tiny too small for a scorecard of its own mallory@example.com · en {leaves} : Tiny, mallory@example.com",
    ]


def test_a_day_that_is_over_is_never_said_to_come(door: Door) -> None:
    session = door.database.session
    door.wait(hours=24 * 40)
    client = door.signed_in(HELEN.email)

    def see() -> tuple[list[str], str]:
        told = [row.partition(" Read it")[0].rpartition("· en ")[2] for row in rows(client.get(LIST))]
        return sorted({one.removeprefix("· ") for one in told}), client.get("/close/2026-Q3").text

    by_itself = see()
    session.get_one(PeriodRecord, "2026-Q3").posting_stopped = True
    session.commit()
    stopped = see()
    session.get_one(PeriodRecord, "2026-Q3").posting_stopped = False
    set_policy(session, {"posting": "after_review"}, author="a", reason="", now=NOW)
    session.commit()
    reviewed = see()

    assert [told[-1].rpartition("heads it ")[2] for told, _ in (by_itself, stopped, reviewed)] == [
        "leaves with the next run",
        "waits until you let the mails go on",
        "leaves when you send it",
    ]
    assert not any("18\u00a0October" in page for _, page in (by_itself, stopped, reviewed))


def test_every_mail_can_be_read_before_it_leaves(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    pages = {code: client.get(f"/close/2026-Q3/preview/{code}") for code in ("IT", "TINY")}
    papers = {code: client.get(f"/close/2026-Q3/paper/{code}") for code in ("IT", "TINY")}

    assert {page.status_code for page in (*pages.values(), *papers.values())} == {200}
    assert "IT-2026-Q3-r1.pdf" in pages["IT"].text
    assert "frame-src 'self'" in pages["IT"].headers["Content-Security-Policy"]
    assert "sandbox" in papers["IT"].headers["Content-Security-Policy"]
    assert ("data:image/png;base64," in papers["IT"].text, "cid:" in papers["IT"].text) == (True, False)
    assert keys(door) == []


def test_a_preview_shows_frozen_mails_that_nobody_has_yet(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)

    answers = [client.get(f"/close/2026-Q3/preview/{code}").status_code for code in ("IT", "FIN", "NONE")]
    odd = [client.get(f"/close/2026-Q3/preview/IT?to={to}").status_code for to in ("1", "-1", "x", "9" * 9)]

    assert (answers, odd) == ([404, 404, 404], [404, 404, 404, 404])
    assert client.get("/close/2026-Q4/mails").status_code == 404


def test_a_mail_is_sent_again_once_however_often_one_presses(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)
    waiting = again(client).status_code
    settle(door, MessageState.SENT)
    written = keys(door)

    pressed = [again(client).status_code for _ in range(3)]
    (copy,) = set(keys(door)) - set(written)
    settle(door, MessageState.FAILED)
    again(client, 2)

    assert (waiting, pressed) == (303, [303, 303, 303])
    assert copy.removesuffix(":again:1") in written
    assert len(keys(door)) == len(written) + 2
    with door.database.sessions() as session:
        noted = [(entry.action, entry.details) for entry in audit.entries(session)]
    assert noted == [
        ("scorecards.sent_again", {"department": "IT", "revision": 1, "copy": number}) for number in (1, 2)
    ]
    assert "sent again 2 times" in client.get(LIST).text


def test_it_is_asked_first_who_gets_what_again(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    ask = "/close/2026-Q3/again/IT?to=0"
    early = client.get(ask)
    post(door)
    settle(door, MessageState.SENT)
    before, listed = keys(door), client.get(LIST).text

    page = client.get(ask)
    pressed = client.post(LIST, data=hidden_fields(page))

    assert (early.status_code, early.location) == (303, LIST)
    assert f'href="{ask}"' in listed
    assert "Send IT Support to bob@example.com again?" in page.text
    assert (pressed.status_code, len(keys(door))) == (303, len(before) + 1)
    assert [client.get(f"/close/2026-Q3/again/{odd}").status_code for odd in ("NONE", "IT?to=9")] == [404, 404]


def test_what_is_sent_again_is_the_last_revision_that_a_reader_had(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    post(door)
    issue(session, department_of(door, "IT"), revision=2, posted=None, calendar=CALENDAR)
    session.commit()
    settle(door, MessageState.SENT)
    before_it_was_mailed = rows(client.get(LIST))[1]
    mailed = post(door, revision=2)
    settle(door, MessageState.SENT)
    written = keys(door)

    listed = [row.partition(" ·")[0] for row in rows(client.get(LIST))]
    older, newer = again(client), again(client, revision=2)
    (copy,) = set(keys(door)) - set(written)

    assert (mailed, older.status_code, newer.status_code) == (1, 303, 303)
    assert "Revision" not in before_it_was_mailed
    assert listed == [
        "Finance Helen Human helen@example.com",
        "IT Support Revision 2 bob@example.com",
        "Tiny too small for a scorecard of its own mallory@example.com",
    ]
    second = find_revision(door.database.session, "2026-Q3", "IT", 2)
    assert second is not None
    assert copy == f"scorecard:{second.id}:{BOB.email}:again:1"


def test_who_has_a_later_revision_is_not_written_the_first_one(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    post(door)
    issue(session, department_of(door, "IT"), revision=2, posted=None, calendar=CALENDAR)
    session.execute(
        update(DepartmentVersion).where(DepartmentVersion.head_email == BOB.email).values(head_email="new@example.com")
    )
    session.commit()
    settle(door, MessageState.SENT)
    post(door, revision=2)

    page = client.get(LIST).text
    press(client, act="missing")

    assert ("has none" in page, post(door)) == (False, 0)


def test_nobody_gets_again_what_they_never_had(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)
    settle(door, MessageState.SENT)
    before = keys(door)
    others = [
        ("IT", MALLORY.email),
        ("FIN", BOB.email),
        ("TINY", MALLORY.email),
        ("NONE", BOB.email),
        ("IT", "<script>"),
    ]

    answers = [again(client, code=code, recipient=recipient) for code, recipient in others]
    odd = [press(client, code="IT", recipient=BOB.email, revision="1", copy=no) for no in ("", "x", "-1", "9" * 30)]
    odd += [press(client, code="IT", recipient=BOB.email, revision=no, copy="1") for no in ("", "x", "-1", "9" * 30)]

    assert {answer.status_code for answer in (*answers, *odd)} == {404}
    assert keys(door) == before


def test_who_heads_it_no_longer_gets_nothing_again_and_the_new_head_gets_the_first(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)
    settle(door, MessageState.SENT)
    session = door.database.session
    session.execute(
        update(DepartmentVersion).where(DepartmentVersion.head_email == BOB.email).values(head_email="new@example.com")
    )
    session.commit()

    gone = again(client).status_code
    page = client.get(LIST).text
    press(client, act="missing")
    posted = post(door)

    assert (gone, "1 reader has none." in page, posted) == (404, True, 1)
    assert "1 reader has none." not in client.get(LIST).text


def test_heads_keep_their_pages_while_the_worker_writes_to_who_has_none(door: Door) -> None:
    client, head = door.signed_in(HELEN.email), door.signed_in(BOB.email)
    post(door)
    settle(door, MessageState.SENT)
    session, fin = door.database.session, department_of(door, "FIN").id
    session.execute(
        update(DepartmentVersion).where(DepartmentVersion.department_id == fin).values(head_email="new@example.com")
    )
    session.commit()

    press(client, act="missing")
    seen, page = head.get("/scorecards/2026-Q3/IT").status_code, client.get(LIST).text
    posted = post(door)

    assert (seen, posted, head.get("/scorecards/2026-Q3/IT").status_code) == (200, 1, 200)
    assert ("The worker writes the mails" in page, "Write to who has none" in page) == (True, False)


def test_nothing_is_sent_again_while_the_quarter_is_stopped(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)
    settle(door, MessageState.SENT)
    door.database.session.get_one(PeriodRecord, "2026-Q3").posting_stopped = True
    door.database.session.commit()
    before = keys(door)

    pressed = [again(client).status_code, press(client, act="missing").status_code]

    assert (pressed, keys(door)) == ([303, 303], before)
    assert "Send it again" not in client.get(LIST).text
    assert client.get("/close/2026-Q3/again/IT").location == LIST


def test_before_the_freeze_there_are_no_mails(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    token = form_token(client.get("/close/2026-Q4"))

    answers = [
        client.get("/close/2026-Q4/mails"),
        client.post("/close/2026-Q4/mails", data={"csrf_token": token, "act": "missing"}),
        client.post(LIST, data={"act": "missing"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 400]


def test_the_list_costs_the_same_however_many_mails(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    client.get(LIST)
    with counting(door.app) as few:
        client.get(LIST)
    for number in range(3):
        place = department(session, f"D{number}", head_email=f"d{number}@example.com")
        issue(session, place, posted=None, calendar=CALENDAR)
    session.commit()
    with counting(door.app) as many:
        client.get(LIST)

    assert (len(few), len(many)) == (19, 19)
    assert not any("scorecards.document" in one for one in many)


def test_hr_sees_who_would_get_the_next_scorecards_and_when(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    page = client.get("/close/recipients")
    with counting(door.app) as few:
        client.get("/close/recipients")
    for number in range(3):
        department(door.database.session, f"D{number}", head_email=f"d{number}@example.com")
    door.database.session.commit()
    with counting(door.app) as many:
        client.get("/close/recipients")

    told = "helen@example.com · English · UTC · HR, since nobody heads it Change : "
    assert rows(page) == [
        f"All Helen Human {told}All",
        f"Fin Helen Human {told}Fin",
        "It bob@example.com English · UTC Change : It",
        "Tiny too small for a scorecard of its own mallory@example.com English · UTC Change : Tiny",
    ]
    assert "18\u00a0October 2026, 09:00 local time of each reader" in page.text
    assert (len(few), len(many)) == (11, 11)


def recipients(door: Door) -> list[str]:
    return sorted(door.database.session.scalars(select(Message.recipient)))


def test_hr_switches_the_head_off_and_chooses_a_deputy_whom_an_administrator_let_in(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    deputy = staff(session, RITA, Role.HEAD, department_of(door, "IT"), now=NOW, name="Rita Deputy")
    session.commit()

    answer = door.post(client, "/close/recipients/IT", {"deputies": RITA})
    listed, page = rows(client.get("/close/recipients")), client.get(answer.location).text
    post(door)

    assert (answer.status_code, "It holds for mails that are not written yet." in page) == (303, True)
    told = "rita@example.com · English · UTC · deputy not to whoever heads it: switched off by HR"
    assert listed[2] == f"It Rita Deputy {told} Change : It"
    assert recipients(door) == [HELEN.email, MALLORY.email, RITA]
    note = audit.entries(session)[-1]
    number = department_of(door, "IT").id
    assert (note.action, note.subject) == ("scorecards.recipients_chosen", f"department:{number}")
    assert note.details == {"head": False, "deputies": [f"staff:{deputy.id}"]}


def test_nobody_is_let_in_by_being_written_into_the_form(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    answer = door.post(client, "/close/recipients/IT", {"mails_head": "y", "deputies": "stranger@else.example"})
    unknown = client.get("/close/recipients/NONE")
    post(door)

    assert (answer.status_code, unknown.status_code) == (422, 404)
    assert recipients(door) == [BOB.email, HELEN.email, MALLORY.email]


def test_a_deputy_who_lost_the_department_gets_nothing_any_more(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    deputy = staff(session, RITA, Role.HEAD, department_of(door, "IT"), now=NOW)
    session.commit()
    door.post(client, "/close/recipients/IT", {"mails_head": "y", "deputies": RITA})

    roles.take_away(session, deputy, now=NOW)
    session.commit()
    post(door)

    assert RITA not in recipients(door)


def test_a_department_that_is_too_small_is_quiet_too_when_it_is_switched_off(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    door.post(client, "/close/recipients/TINY", {})
    listed = rows(client.get("/close/recipients"))[3]
    post(door)

    assert listed == "Tiny too small for a scorecard of its own nobody switched off by HR Change : Tiny"
    assert recipients(door) == [BOB.email, HELEN.email]
