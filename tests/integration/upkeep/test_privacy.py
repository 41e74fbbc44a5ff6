"""Erase, export, retain: on both databases, with Alice who asked, was asked, and answered."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import DeliveryState, PeriodState
from app.foundations.crypto import Keys
from app.models.base import Base
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.invitations import Invitation
from app.models.people import Person, Suppression, SuppressionReason, address_hash
from app.models.releases import PeriodRecord
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse, ReleasedComment, ReleasedResponse
from app.models.rollups import DirtyMark
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.models.service_requests import RequestCycle, ServiceRequest
from app.upkeep import privacy
from app.upkeep.privacy.retention import months_before
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR, completed_request, connection
from tests.conftest import ALICE, MALLORY
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
OTHER_KEYS = Keys(("0123456789abcdef0123456789abcdef",), link_secret="another link key altogether")
QUARTER = "2026-Q4"


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def rows(session: Session, *columns: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(select(*columns))]


def tell_alices_story(session: Session, now: datetime) -> None:
    """Alice asked for a badge, was invited, answered; the tracker's event is stored; Mallory answered too."""
    provider = department(session, "it")
    alice, mallory = person(session, ALICE.email, name=ALICE.name), person(session, MALLORY.email)
    cycle = completed_request(session, provider, alice, now - timedelta(days=2))
    asked = invitation(session, cycle, sent_at=now - timedelta(days=1))
    quarter_salt(session, KEYS, QUARTER)
    answered = held_response(session, provider, alice, {"csat_overall": 2}, QUARTER, comment="too slow")
    held_response(session, provider, mallory, {"csat_overall": 5}, QUARTER)
    session.add(
        ResponseLink(public_id=asked.public_id, response_id=answered.id, expires_at=asked.expires_at, submitted_at=now)
    )
    for number, body in enumerate([b'{"requester": "ALICE@example.com"}', b'{"requester": "bob@example.com"}']):
        session.add(
            Delivery(
                connection_id=connection(session).id,
                delivery_key=str(number),
                received_at=now,
                headers={},
                body=body,
            )
        )
    session.commit()


def test_erasing_alice_takes_what_is_hers_and_nothing_else(database: Database, now: datetime) -> None:
    session = database.session
    tell_alices_story(session, now)

    erased = privacy.erase(session, KEYS, CALENDAR, "Alice@example.com", now=now)
    session.commit()

    assert erased == privacy.Erased(requests=1, invitations=1, answers=1, deliveries=1, unreadable_periods=())
    assert session.scalars(select(Person.email)).all() == [MALLORY.email]
    assert [count(session, table) for table in (Invitation, ResponseLink, HeldResponse, HeldAnswer)] == [0, 0, 1, 1]
    assert rows(session, ServiceRequest.title, ServiceRequest.requester_id) == [(None, None)]
    assert rows(session, RequestCycle.period, RequestCycle.requester_id) == [(QUARTER, None)]
    assert set(session.scalars(select(Delivery.body))) == {b"", b'{"requester": "bob@example.com"}'}
    assert set(session.scalars(select(DirtyMark.period))) == {QUARTER}


def test_an_erased_address_stays_suppressed_without_being_stored(database: Database, now: datetime) -> None:
    privacy.erase(database.session, KEYS, CALENDAR, ALICE.email, now=now)
    privacy.erase(database.session, KEYS, CALENDAR, ALICE.email, now=now)

    stored = rows(database.session, Suppression.address_hash, Suppression.reason)
    assert stored == [(address_hash(KEYS, ALICE.email), SuppressionReason.ERASED)]


def test_erasing_somebody_unknown_says_so(database: Database, now: datetime) -> None:
    assert privacy.erase(database.session, KEYS, CALENDAR, MALLORY.email, now=now) is None


def test_without_the_link_key_only_linked_answers_are_found(database: Database, now: datetime) -> None:
    tell_alices_story(database.session, now)

    erased = privacy.erase(database.session, OTHER_KEYS, CALENDAR, ALICE.email, now=now)

    assert erased is not None
    assert (erased.answers, erased.unreadable_periods) == (1, (QUARTER,))


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "zo\\u00eb@m\\u00fcller.example"}',
        '{"email": "Zoë@MÜLLER.example"}'.encode(),
        b"data%5Bemail%5D=zo%C3%AB%40m%C3%BCller.example",
        b'{"email":"\\u007Ao\\u00EB\\u0040m\\u00fcller.example"}',
    ],
)
def test_a_stored_body_is_emptied_however_it_writes_the_address(database: Database, now: datetime, body: bytes) -> None:
    session = database.session
    of_whom = {"connection_id": connection(session).id, "received_at": now, "headers": {}}
    session.add(Delivery(**of_whom, delivery_key="1", body=body))
    session.add(Delivery(**of_whom, delivery_key="2", body=body.replace(b".example", b".invalid")))

    quoting = {"body": b"", "state": DeliveryState.REFUSED, "error": "'Zoë@müller.example' is no name"}
    session.add(Delivery(**of_whom, delivery_key="3", **quoting))

    privacy.erase(session, KEYS, CALENDAR, "zoë@müller.example", now=now)

    assert session.scalars(select(Delivery.error).where(Delivery.error.is_not(None))).all() == []
    kept = session.scalars(select(Delivery.body).order_by(Delivery.delivery_key)).all()
    assert kept == [b"", body.replace(b".example", b".invalid"), b""]


def test_erasing_does_not_stir_a_released_quarter(database: Database, now: datetime) -> None:
    session = database.session
    tell_alices_story(session, now)
    session.add(a_period(QUARTER, CALENDAR.ends_at(CALENDAR.period_of(now)), PeriodState.RELEASED))

    privacy.erase(session, KEYS, CALENDAR, ALICE.email, now=now)

    assert count(session, DirtyMark) == 0


def test_the_export_holds_all_that_is_known_and_is_json(database: Database, now: datetime) -> None:
    tell_alices_story(database.session, now)

    found = privacy.export(database.session, KEYS, ALICE.email)

    assert found is not None
    assert json.loads(json.dumps(found)) == found
    assert [found["email"], found["versions"][0]["name"]] == [ALICE.email, ALICE.name]
    assert found["requests"][0]["title"] == "A new badge"
    assert found["completions"][0]["provider_department"] == "it"
    assert len(found["invitations"]) == 1
    assert [(answer["items"], answer["comment"]) for answer in found["answers"]] == [({"csat_overall": 2}, "too slow")]


def a_period(name: str, ends_at: datetime, state: PeriodState) -> PeriodRecord:
    return PeriodRecord(
        period=name,
        starts_at=ends_at - timedelta(days=92),
        ends_at=ends_at,
        time_zone="UTC",
        fiscal_year_start=1,
        state=state,
    )


def test_what_is_too_old_goes_and_what_is_not_stays(database: Database, now: datetime) -> None:
    session = database.session
    provider = department(session, "it")
    for name, ends_at in (("2024-Q2", datetime(2024, 7, 1, tzinfo=UTC)), ("2025-Q4", datetime(2026, 1, 1, tzinfo=UTC))):
        session.add(a_period(name, ends_at, PeriodState.RELEASED))
        session.add(
            ReleasedResponse(id=name.encode().ljust(16), department_id=provider.id, period=name, csat_overall=4)
        )
        session.add(ReleasedComment(id=name.encode(), department_id=provider.id, period=name, text="thanks"))
    for days in (31, 29):
        session.add(
            Delivery(
                connection_id=connection(session).id,
                delivery_key=str(days),
                received_at=now - timedelta(days=days),
                headers={"user-agent": "desk"},
                body=b"{}",
                conclusion={"verdict": "completed"},
            )
        )
        turned_away = {"headers": {}, "body": b"", "state": DeliveryState.REFUSED}
        at = now - timedelta(days=days)
        session.add(
            Delivery(
                connection_id=connection(session).id, delivery_key=f"refused {days}", received_at=at, **turned_away
            )
        )
    session.commit()

    counts = privacy.retain(session, now=now)
    again = privacy.retain(session, now=now)

    assert (counts["answers"], counts["comments"], counts["deliveries"]) == (1, 1, 2)
    assert session.scalars(select(ReleasedResponse.period)).all() == ["2025-Q4"]
    kept = session.execute(
        select(Delivery.delivery_key, Delivery.state, Delivery.body, Delivery.headers, Delivery.conclusion)
        .order_by(Delivery.delivery_key)
        .execution_options(populate_existing=True)
    )
    assert [tuple(row) for row in kept] == [
        ("29", DeliveryState.STORED, b"{}", {"user-agent": "desk"}, {"verdict": "completed"}),
        ("31", DeliveryState.FAILED, b"", {}, None),
        ("refused 29", DeliveryState.REFUSED, b"", {}, None),
    ]
    assert set(again.values()) == {0}


def test_an_old_request_keeps_only_what_counts(database: Database, now: datetime) -> None:
    session = database.session
    provider, alice = department(session, "it"), person(session, ALICE.email)
    completed_request(session, provider, alice, months_before(now, 26), on_time=True)
    completed_request(session, provider, alice, months_before(now, 24))
    session.commit()

    counts = privacy.retain(session, now=now)

    assert counts["requests"] == 1
    assert set(rows(session, ServiceRequest.title, ServiceRequest.requester_id)) == {
        (None, None),
        ("A new badge", alice.id),
    }
    assert session.scalars(select(RequestCycle.on_time).order_by(RequestCycle.id)).first() is True


def test_a_printed_comment_is_forgotten_after_a_year(database: Database, now: datetime) -> None:
    session = database.session
    session.add(a_period("2025-Q2", datetime(2025, 7, 1, tzinfo=UTC), PeriodState.RELEASED))
    document = json.dumps({"comments": [{"id": "a", "text": "too slow"}], "revision": 1}, separators=(",", ":"))
    revision = ScorecardRevision(
        department_id=department(session, "it").id,
        period="2025-Q2",
        revision=1,
        frozen_at=now,
        digest="sha256:0",
        document=document,
    )
    session.add(revision)
    session.flush()
    session.add(
        ScorecardFile(scorecard_id=revision.id, name="scorecard.en.pdf", media_type="application/pdf", content=b"")
    )
    session.commit()

    counts = privacy.retain(session, now=now)

    assert counts["comments"] == 1
    assert session.scalars(select(ScorecardRevision.document)).one() == '{"comments":[{"id":"a"}],"revision":1}'
    assert count(session, ScorecardFile) == 0


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 1, "2025-12-15"), ("2026-11-17", 25, "2024-10-17")],
)
def test_months_are_counted_back_by_the_calendar(moment: str, months: int, expected: str) -> None:
    assert months_before(datetime.fromisoformat(moment), months) == datetime.fromisoformat(expected)


def test_a_connection_is_no_person(database: Database, now: datetime) -> None:
    tell_alices_story(database.session, now)

    privacy.erase(database.session, KEYS, CALENDAR, ALICE.email, now=now)

    assert count(database.session, Connection) == 1
