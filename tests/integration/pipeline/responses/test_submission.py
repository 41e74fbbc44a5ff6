"""Answers arrive, are corrected and held back, whatever comes twice or at once."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from app.domain.instruments import ROTATING, Item, Reason
from app.domain.machines import Signal, Submission
from app.domain.states import CommentState, InvitationState, PeriodState, ResponseState
from app.foundations.crypto import requester_cluster_id
from app.models.comments import CommentReview
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.quarter_salts import find_salt
from app.models.releases import PeriodRecord
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse, PageTime
from app.models.rollups import DirtyMark
from app.pipeline import responses
from app.pipeline.responses import Answers, Closed, InvitationClosed, InvitationUnknown
from app.pipeline.responses.opening import answers_of
from tests.builders.service_requests import CALENDAR
from tests.integration.pipeline.responses.conftest import A_MACHINE, A_PERSON, KEYS, Alice, rated
from tests.servers.databases import Database

LATER = timedelta(minutes=5)


def _held(alice: Alice) -> HeldResponse:
    alice.session.expire_all()
    return alice.session.scalars(select(HeldResponse)).one()


def _state(alice: Alice) -> InvitationState:
    alice.session.expire_all()
    return alice.session.scalars(select(Invitation.state)).one()


def _values(alice: Alice) -> dict[str, int | None]:
    return dict(alice.session.execute(select(HeldAnswer.item, HeldAnswer.value)).tuples().all())


def test_an_answer_is_stored_with_what_was_frozen_at_completion_and_without_the_person(alice: Alice) -> None:
    answers = Answers(
        values={Item.CSAT_OVERALL: 4, Item.TIMELINESS: None, Item.TRUST: 5}, comment="Thanks", language="de"
    )

    judgement = alice.answers(answers)

    row = _held(alice)
    salt = find_salt(alice.session, KEYS, "2026-Q4")
    assert salt is not None
    assert judgement.accepted
    assert (row.state, row.signals, row.source, row.instrument_version) == (
        ResponseState.ACCEPTED,
        {},
        "survey",
        "parity/1",
    )
    assert (row.period, row.month, row.request_type, row.on_time) == ("2026-Q4", "2026-11", "access", True)
    assert (row.comment, row.language, row.has_consented, row.has_thanked) == ("Thanks", "de", False, False)
    assert row.requester_cluster_id == requester_cluster_id(salt, alice.invitation.person_id)
    assert _values(alice) == {"csat_overall": 4, "timeliness": None, "trust": 5}
    assert (_state(alice), alice.invitation.remind_at) == (InvitationState.ANSWERED, None)


def test_a_correction_takes_the_earlier_words_from_hr(alice: Alice) -> None:
    alice.answers(rated(3, comment="Bob was rude"))
    response = _held(alice)
    review = {"id": b"c" * 16, "response_id": response.id, "department_id": response.department_id}
    state = {"state": CommentState.SHOWN, "is_flagged": False, "codebook_version": 0, "proposed": []}
    alice.session.add(CommentReview(**review, **state, text="[name] was rude"))
    alice.session.commit()

    alice.answers(rated(2, comment="Bob was rude"), after=LATER)
    kept = alice.session.scalars(select(CommentReview.text)).all()
    alice.answers(rated(2), after=2 * LATER)

    assert kept == ["[name] was rude"]
    assert alice.session.scalars(select(CommentReview.text)).all() == []


def test_it_marks_the_department_and_all_above(alice: Alice) -> None:
    alice.answers(rated(4))

    marked = alice.session.scalars(select(DirtyMark.department_id).order_by(DirtyMark.department_id)).all()
    assert marked == [alice.invitation.department_id - 1, alice.invitation.department_id]


def test_opening_writes_nothing_and_shows_what_was_answered(alice: Alice) -> None:
    unanswered = alice.opens()
    alice.answers(rated(2, reasons=(Reason.TOO_SLOW,)))

    opened = alice.opens(after=LATER)

    assert (unanswered.stored, unanswered.department_name, unanswered.reference) == (None, "IT Support", "R-1")
    assert unanswered.rotating_item in ROTATING
    assert opened.stored is not None
    assert (opened.stored.rating, opened.stored.reasons) == (2, ("too_slow",))
    assert answers_of(alice.session.connection(), opened.stored) == {Item.CSAT_OVERALL: 2}
    assert opened.rotating_item is unanswered.rotating_item


def test_a_correction_replaces_every_value(alice: Alice) -> None:
    alice.answers(Answers(values={Item.CSAT_OVERALL: 2, Item.TRUST: 1}, comment="Slow"))

    alice.answers(Answers(values={Item.CSAT_OVERALL: 4, Item.TIMELINESS: 3}), after=LATER)

    assert _values(alice) == {"csat_overall": 4, "timeliness": 3}
    assert (_held(alice).comment, _state(alice)) == (None, InvitationState.ANSWERED)


def test_a_machine_is_held_back_and_a_person_replaces_it(alice: Alice) -> None:
    held = alice.answers(rated(1), A_MACHINE)
    first = _held(alice)
    noted = (first.state, first.signals, _state(alice))

    accepted = alice.answers(rated(5), after=LATER)

    assert held.signals == (Signal.TOO_FAST,)
    assert noted == (
        ResponseState.HELD_BACK,
        {"signals": ["too_fast"], "mail_system": "mx.example.com"},
        InvitationState.HELD_BACK,
    )
    assert accepted.accepted
    assert (_held(alice).state, _state(alice), _values(alice)) == (
        ResponseState.ACCEPTED,
        InvitationState.ANSWERED,
        {"csat_overall": 5},
    )


def test_a_later_machine_never_overwrites_a_person(alice: Alice) -> None:
    alice.answers(rated(4))

    held = alice.answers(rated(1), A_MACHINE, after=LATER)

    assert not held.accepted
    assert (_held(alice).state, _state(alice), _values(alice)) == (
        ResponseState.ACCEPTED,
        InvitationState.ANSWERED,
        {"csat_overall": 4},
    )


def test_another_rating_within_ten_seconds_is_held_back_and_leaves_the_first(alice: Alice) -> None:
    alice.answers(rated(4))

    again = alice.answers(rated(1), after=timedelta(seconds=9))
    the_same = alice.answers(rated(4, comment="and thanks"), after=timedelta(seconds=19))

    assert (again.signals, the_same.signals) == ((Signal.SEVERAL_RATINGS,), ())
    assert (_values(alice), _held(alice).comment) == ({"csat_overall": 4}, "and thanks")


def test_a_person_held_back_in_error_may_send_again(alice: Alice) -> None:
    alice.answers(rated(1), A_MACHINE)

    quick = alice.answers(rated(3), after=timedelta(seconds=4))
    confirmed = alice.answers(rated(3), after=timedelta(seconds=7))

    assert (quick.signals, confirmed.signals) == ((Signal.SEVERAL_RATINGS,), ())
    assert (_held(alice).state, _values(alice)) == (ResponseState.ACCEPTED, {"csat_overall": 3})


def test_reasons_and_contact_count_at_low_ratings_only_and_thanks_at_the_top_only(alice: Alice) -> None:
    everything = {"reasons": (Reason.TOO_SLOW,), "wants_contact": True, "thanks": True}

    alice.answers(rated(3, **everything))
    middle = _held(alice)
    kept = (middle.reason_chips, middle.has_consented, middle.has_thanked)
    alice.answers(rated(5, **everything), after=LATER)

    top = _held(alice)
    assert kept == ([], False, False)
    assert (top.reason_chips, top.has_consented, top.has_thanked) == ([], False, True)


def test_consent_opens_a_case_and_taking_it_back_removes_it(alice: Alice) -> None:
    alice.answers(rated(1, wants_contact=True))
    case = alice.session.scalars(select(FollowUp)).one()
    opened = (case.person_id, case.department_id, case.period)

    alice.answers(rated(1, wants_contact=True), after=LATER)
    still = alice.session.scalar(select(func.count()).select_from(FollowUp))
    alice.answers(rated(2), after=2 * LATER)

    assert opened == (alice.invitation.person_id, alice.invitation.department_id, "2026-Q4")
    assert still == 1
    assert alice.session.scalar(select(func.count()).select_from(FollowUp)) == 0


def test_a_machine_opens_no_case(alice: Alice) -> None:
    alice.answers(rated(1, wants_contact=True), A_MACHINE)

    assert alice.session.scalar(select(func.count()).select_from(FollowUp)) == 0


def test_answering_times_are_counted_in_fives_of_seconds_for_the_company_only(alice: Alice) -> None:
    alice.answers(rated(4), Submission(page_age=timedelta(seconds=27)))
    alice.answers(rated(5), Submission(page_age=timedelta(seconds=8)), after=LATER)

    times = alice.session.execute(select(PageTime.period, PageTime.bin, PageTime.count)).tuples().all()
    assert times == [("2026-Q4", 5, 1)]


@pytest.mark.parametrize("damage", ["one letter", "nothing", "too long", "not ascii", "another key"])
def test_a_token_that_is_not_ours_is_unknown(alice: Alice, damage: str) -> None:
    token = alice.token
    spoilt = {
        "one letter": token[:10] + ("A" if token[10] != "A" else "B") + token[11:],
        "nothing": "",
        "too long": token + "A",
        "not ascii": "ж" * 44,
        "another key": KEYS.token("bounce", alice.invitation.public_id),
    }[damage]

    with pytest.raises(InvitationUnknown):
        responses.open(alice.session.connection(), KEYS, CALENDAR, spoilt, now=alice.now)


def test_an_invitation_that_was_deleted_is_unknown(alice: Alice) -> None:
    with pytest.raises(InvitationUnknown):
        responses.open(alice.session.connection(), KEYS, CALENDAR, KEYS.token("survey", b"0" * 16), now=alice.now)


def test_nothing_is_taken_after_the_expiry(alice: Alice) -> None:
    opened = alice.opens()
    expiry = alice.invitation.expires_at

    with pytest.raises(InvitationClosed) as at_opening:
        responses.open(alice.session.connection(), KEYS, CALENDAR, alice.token, now=expiry)
    with pytest.raises(InvitationClosed) as at_sending:
        responses.submit(alice.session.connection(), KEYS, CALENDAR, opened, rated(4), A_PERSON, now=expiry)

    assert (at_opening.value.why, at_sending.value.why) == (Closed.EXPIRED, Closed.EXPIRED)
    assert alice.session.scalar(select(func.count()).select_from(HeldResponse)) == 0


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (InvitationState.WITHDRAWN, Closed.WITHDRAWN),
        (InvitationState.EXPIRED, Closed.EXPIRED),
        (InvitationState.CLOSED, Closed.EXPIRED),
    ],
)
def test_a_closed_invitation_says_why(alice: Alice, state: InvitationState, why: Closed) -> None:
    alice.invitation.state = state
    alice.session.commit()

    with pytest.raises(InvitationClosed) as closed:
        alice.opens()

    assert closed.value.why is why


def test_a_released_quarter_takes_nothing(alice: Alice) -> None:
    period = CALENDAR.period_of(alice.now)
    bounds = {"starts_at": CALENDAR.starts_at(period), "ends_at": CALENDAR.ends_at(period)}
    record = PeriodRecord(
        period=str(period), time_zone="UTC", fiscal_year_start=1, state=PeriodState.RELEASED, **bounds
    )
    alice.session.add(record)
    alice.session.commit()

    with pytest.raises(InvitationClosed):
        alice.opens()


def test_links_die_with_their_invitation_and_answers_stay(alice: Alice) -> None:
    alice.answers(rated(4))
    expiry = alice.invitation.expires_at

    too_early = responses.expire_links(alice.session, now=expiry - timedelta(seconds=1))
    gone = responses.expire_links(alice.session, now=expiry)
    again = responses.expire_links(alice.session, now=expiry)

    assert (too_early, gone, again) == (0, 1, 0)
    assert alice.session.scalar(select(func.count()).select_from(ResponseLink)) == 0
    assert alice.session.scalar(select(func.count()).select_from(HeldResponse)) == 1


def test_a_page_read_before_another_submission_is_read_again(alice: Alice, database: Database) -> None:
    opened = alice.opens()
    alice.session.commit()
    alice.answers(rated(4))

    with database.sessions.begin() as late:
        responses.submit(late.connection(), KEYS, CALENDAR, opened, rated(2), A_PERSON, now=alice.now + LATER)

    assert _values(alice) == {"csat_overall": 2}
    assert alice.session.scalar(select(func.count()).select_from(ResponseLink)) == 1


def test_an_answer_whose_link_a_restore_took_away_stays_and_gets_no_second_beside_it(alice: Alice) -> None:
    alice.answers(rated(4))
    alice.session.execute(delete(ResponseLink))
    alice.session.commit()

    with pytest.raises(InvitationClosed):
        alice.opens(after=LATER)

    assert _values(alice) == {"csat_overall": 4}
