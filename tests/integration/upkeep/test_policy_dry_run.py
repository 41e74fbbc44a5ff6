"""A dry run decides as the real run would have: compared over a generated quarter, reason by reason."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from app.domain.decisions import DecisionReason
from app.domain.sending_times import sending_moment
from app.domain.states import InvitationState
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Person, Suppression, SuppressionReason, address_hash
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations import pass_once
from app.upkeep.policy.dry_run import DryRun, dry_run
from tests.builders.asked_quarter import ZONES, asked_quarter
from tests.builders.asking import KEYS, accept_mail, asking
from tests.servers.databases import Database

ASKING = asking("Europe/Berlin", answers_aimed=10)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def really_run(database: Database, moments: list[datetime]) -> None:
    """Run at every moment at which somebody's requests come due."""
    zones = [ZoneInfo(name or "Europe/Berlin") for name in ZONES]
    later = [moment + timedelta(days=1) for moment in moments]
    due = {sending_moment(moment, zone, ASKING.policy) for moment in [*moments, *later] for zone in zones}
    for now in sorted(due):
        pass_once(database.session, ASKING, KEYS, now=now)
        accept_mail(database.session, now)


def tried_on(database: Database) -> DryRun:
    return dry_run(database.session, ASKING, KEYS, first_day=date(2026, 1, 1), last_day=date(2026, 3, 31))


def reasons(database: Database) -> Counter[DecisionReason]:
    counted = (
        select(RequestCycle.decision, func.count())
        .where(RequestCycle.completed_at >= FIRST)
        .group_by(RequestCycle.decision)
    )
    return Counter(dict(database.session.execute(counted).tuples().all()))


def really_asked(database: Database) -> set[tuple[str, str, str, datetime]]:
    asked = database.session.execute(
        select(ServiceRequest.external_id, Person.email, Department.code, Invitation.planned_at)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .join(Person, Person.id == Invitation.person_id)
        .join(Department, Department.id == Invitation.department_id)
        .where(Invitation.state != InvitationState.WITHDRAWN)
    ).all()
    return {(row.external_id, row.email or "", row.code, row.planned_at) for row in asked}


def test_the_dry_run_equals_a_real_quarter_and_both_keep_the_rules(database: Database) -> None:
    moments = asked_quarter(database.session, requests=300)

    tried = tried_on(database)
    really_run(database, moments)

    asked = really_asked(database)
    assert tried.reasons == reasons(database)
    assert {(one.external_id, one.requester, one.department, one.planned_at) for one in tried.asked} == asked
    every_request_has_ended_in_one_decision(database)
    nobody_was_asked_too_often(asked, tried)
    nobody_was_reminded_twice(database)


def every_request_has_ended_in_one_decision(database: Database) -> None:
    assert {str(reason) for reason in reasons(database)} == {
        "provider_unknown",
        "provider_not_surveyed",
        "own_department",
        "closed_without_delivery",
        "closed_automatically",
        "no_address",
        "opted_out",
        "reopened",
        "quarantine",
        "sampled_out",
        "another_chosen",
        "invited",
    }
    assert None not in database.session.scalars(select(RequestCycle.decided_at)).all()


def nobody_was_asked_too_often(asked: set[tuple[str, str, str, datetime]], tried: DryRun) -> None:
    plans: dict[str, list[datetime]] = {}
    for _, requester, _, planned_at in sorted(asked, key=lambda one: one[3]):
        plans.setdefault(requester, []).append(planned_at)
    assert max(map(len, plans.values())) <= ASKING.policy.quarter_cap
    assert min(later - earlier for own in plans.values() for earlier, later in pairwise(own)) > timedelta(days=29)
    assert tried.people_by_times_asked == Counter(map(len, plans.values()))


def nobody_was_reminded_twice(database: Database) -> None:
    reminders = select(func.count()).where(Message.name == "reminder").group_by(Message.invitation_id)
    assert set(database.session.scalars(reminders)) == {1}


def test_nothing_is_written_by_a_dry_run(database: Database) -> None:
    asked_quarter(database.session, requests=50)

    tried_on(database)

    assert database.session.scalars(select(Invitation.id)).all() == []
    assert reasons(database) == {
        DecisionReason.WAITING: database.session.execute(
            select(func.count()).select_from(RequestCycle).where(RequestCycle.completed_at >= FIRST)
        ).scalar_one()
    }


def test_answers_are_expected_at_the_response_rate(database: Database) -> None:
    asked_quarter(database.session, requests=100)

    tried = tried_on(database)

    for one in tried.departments.values():
        assert one.expected_answers == pytest.approx(one.asked * 0.2)


def test_an_address_that_bounced_counts_from_that_day_on(database: Database) -> None:
    asked_quarter(database.session, requests=100, people=2)
    bounced = {"reason": SuppressionReason.BOUNCED, "created_at": FIRST}
    database.session.add(Suppression(address_hash=address_hash(KEYS, "p0@example.com"), **bounced))
    database.session.flush()

    tried = tried_on(database)

    assert {one.requester for one in tried.asked} == {"p1@example.com"}


def test_a_request_reopened_after_the_span_still_counts_as_done(database: Database) -> None:
    asked_quarter(database.session, requests=60)
    database.session.execute(update(RequestCycle).values(undone_at=datetime(2026, 5, 1, tzinfo=UTC)))

    tried = tried_on(database)

    assert tried.reasons[DecisionReason.REOPENED] == 0
