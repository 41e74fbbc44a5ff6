"""Accept, correct or hold back what was sent through a survey link: one transaction, at most eight statements.

On PostgreSQL a first answer takes two, and each is a transaction by itself (first_answer.py).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.instruments import LOW_RATING, TOP_RATING, Item, Reason
from app.domain.machines import Judgement, Submission, judge
from app.domain.periods import Calendar
from app.domain.states import FollowUpState, ResponseState
from app.foundations.crypto import Keys, requester_cluster_id
from app.models.quarter_salts import ensure_salt
from app.models.rollups import mark_line
from app.pipeline.responses.first_answer import FirstAnswer, first_answer
from app.pipeline.responses.opening import OpenInvitation, read
from app.pipeline.responses.statements import (
    CLAIM_AS_ANSWERED,
    CLAIM_AS_HELD_BACK,
    CLOSE_CASE,
    COUNT_PAGE_TIME,
    DELETE_ANSWERS,
    DELETE_REVIEW,
    INSERT_LINK,
    INSERT_RESPONSE,
    NOTE_SUBMISSION,
    OPEN_CASE,
    UPDATE_RESPONSE,
    insert_answers,
)

BIN_SECONDS = 5  # of the company histogram of answering times
LAST_BIN = 120  # ten minutes and more


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person sent. None as a value says "cannot judge"; an item left out was not answered."""

    values: Mapping[Item, int | None]
    reasons: tuple[Reason, ...] = ()
    comment: str | None = None
    wants_contact: bool = False
    thanks: bool = False
    language: str | None = None

    @property
    def rating(self) -> int | None:
        """The overall rating."""
        return self.values.get(Item.CSAT_OVERALL)

    @property
    def is_low(self) -> bool:
        """True when reasons and the wish for contact count; the server ignores them otherwise."""
        return self.rating is not None and self.rating <= LOW_RATING

    @property
    def is_top(self) -> bool:
        """True when thanks count."""
        return self.rating == TOP_RATING


class _ChangedMeanwhileError(Exception):
    """Another submission through the same link came in between."""


def submit(
    connection: Connection,
    keys: Keys,
    calendar: Calendar,
    invitation: OpenInvitation,
    answers: Answers,
    submission: Submission,
    *,
    now: datetime,
) -> Judgement:
    """Store the answer of an open invitation and say whether it counts.

    A later answer replaces an earlier one, a held-back one never an accepted one. Safe against two submissions at once.
    `submission.differs_from_one_before` is found here. Raises InvitationClosed when the link closed in between.
    """
    while True:
        try:
            return _submit(connection, keys, invitation, answers, submission, now=now)
        except _ChangedMeanwhileError:
            invitation = read(connection, keys, calendar, invitation.public_id, now=now)


def _submit(
    connection: Connection,
    keys: Keys,
    invitation: OpenInvitation,
    answers: Answers,
    submission: Submission,
    *,
    now: datetime,
) -> Judgement:
    stored = invitation.stored
    judgement = judge(_with_earlier_rating(submission, invitation, answers, now))
    if stored is None:
        _store_first(connection, keys, invitation, answers, judgement, submission, now=now)
        return judgement
    if judgement.accepted or stored.state is not ResponseState.ACCEPTED:
        _replace(connection, invitation, answers, judgement, now=now)
    else:
        _note_submission(connection, invitation, answers, now=now)
    return judgement


def _with_earlier_rating(
    submission: Submission, invitation: OpenInvitation, answers: Answers, now: datetime
) -> Submission:
    stored = invitation.stored
    if stored is None or stored.submitted_rating == answers.rating:
        return replace(submission, differs_from_one_before=None)
    return replace(submission, differs_from_one_before=now - stored.submitted_at)


def _store_first(
    connection: Connection,
    keys: Keys,
    invitation: OpenInvitation,
    answers: Answers,
    judgement: Judgement,
    submission: Submission,
    *,
    now: datetime,
) -> None:
    row = _first_response(connection, keys, invitation, answers, judgement)
    link = {"public_id": invitation.public_id, "response_id": row["id"], "expires_at": invitation.expires_at}
    link |= {"submitted_at": now, "submitted_rating": answers.rating}
    bin_ = min(int(submission.page_age.total_seconds()) // BIN_SECONDS, LAST_BIN)
    if connection.dialect.name == "postgresql":
        _store_whole(connection, invitation, answers, judgement, row | link | {"bin": bin_}, now=now)
        return
    _claim(connection, invitation, judgement, now=now)
    INSERT_RESPONSE.run(connection, row)
    _store_answers(connection, row["id"], answers)
    INSERT_LINK.run(connection, link)
    _after(connection, invitation, answers, judgement, now=now)
    if judgement.accepted:
        # Last, because every submission of the company may meet in this row.
        COUNT_PAGE_TIME.run(connection, {"period": row["period"], "bin": bin_})


def _first_response(
    connection: Connection, keys: Keys, invitation: OpenInvitation, answers: Answers, judgement: Judgement
) -> dict[str, Any]:
    period = str(invitation.period)
    salt = invitation.salt or ensure_salt(connection, keys, period)
    return {
        "id": secrets.token_bytes(16),
        "department_id": invitation.department_id,
        "period": period,
        "requester_cluster_id": requester_cluster_id(salt, invitation.person_id),
        "requester_department_id": invitation.requester_department_id,
        "request_type": invitation.request_type,
        "on_time": invitation.on_time,
        "was_reopened": invitation.was_reopened,
        "month": invitation.month,
        "instrument_version": invitation.questionnaire.version,
        "source": "survey",
        "is_published": False,
        **_content(invitation, answers, judgement),
    }


def _store_whole(
    connection: Connection,
    invitation: OpenInvitation,
    answers: Answers,
    judgement: Judgement,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Claim and store in one trip: the claim's row is the guard here, too."""
    has_case = judgement.accepted and answers.wants_contact and answers.is_low
    statement = first_answer(FirstAnswer(len(answers.values), judgement.accepted, has_case))
    claim = {"this": invitation.id, "state_read": invitation.state, "moment": now}
    whose = {"person_id": invitation.person_id, "ends_at": invitation.period_ends_at}
    if statement.run_whole(connection, {**values, **claim, **whose, **_numbered(answers)}) != 1:
        raise _ChangedMeanwhileError


def _replace(
    connection: Connection, invitation: OpenInvitation, answers: Answers, judgement: Judgement, *, now: datetime
) -> None:
    stored = invitation.stored
    assert stored is not None
    if judgement.accepted and stored.state is not ResponseState.ACCEPTED:
        # Before the link, as in _store_first: PostgreSQL keeps the lock of a claim that failed, and the other order
        # would let two submissions wait for each other.
        _claim(connection, invitation, judgement, now=now)
    _note_submission(connection, invitation, answers, now=now)
    UPDATE_RESPONSE.run(connection, {"this": stored.response_id, **_content(invitation, answers, judgement)})
    if stored.comment != answers.comment:
        DELETE_REVIEW.run(connection, {"this": stored.response_id})
    DELETE_ANSWERS.run(connection, {"this": stored.response_id})
    _store_answers(connection, stored.response_id, answers)
    _after(connection, invitation, answers, judgement, now=now)


def _note_submission(connection: Connection, invitation: OpenInvitation, answers: Answers, *, now: datetime) -> None:
    """Remember the submission on the link if none came in between: the guard against two corrections at once."""
    stored = invitation.stored
    assert stored is not None
    values = {"this": invitation.public_id, "time_read": stored.submitted_at, "moment": now, "rating": answers.rating}
    if NOTE_SUBMISSION.run(connection, values) != 1:
        raise _ChangedMeanwhileError


def _claim(connection: Connection, invitation: OpenInvitation, judgement: Judgement, *, now: datetime) -> None:
    """Move the invitation on if it still stands where it was read: the guard against two submissions at once."""
    values = {"this": invitation.id, "state_read": invitation.state, "moment": now}
    claim = CLAIM_AS_ANSWERED if judgement.accepted else CLAIM_AS_HELD_BACK
    if claim.run(connection, values) != 1:
        raise _ChangedMeanwhileError


def _content(invitation: OpenInvitation, answers: Answers, judgement: Judgement) -> dict[str, Any]:
    """Everything a person decides, and whether it counts."""
    state = ResponseState.ACCEPTED if judgement.accepted else ResponseState.HELD_BACK
    signals = {"signals": [str(signal) for signal in judgement.signals], "mail_system": invitation.mail_system}
    return {
        "state": state,
        "signals": {} if judgement.accepted else signals,
        "language": answers.language or invitation.language,
        "reason_chips": [str(reason) for reason in answers.reasons] if answers.is_low else [],
        "comment": answers.comment,
        "has_consented": answers.wants_contact and answers.is_low,
        "has_thanked": answers.thanks and answers.is_top,
    }


def _store_answers(connection: Connection, response_id: bytes, answers: Answers) -> None:
    insert_answers(len(answers.values)).run(connection, {"response_id": response_id} | _numbered(answers))


def _numbered(answers: Answers) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for n, (item, value) in enumerate(answers.values.items()):
        values |= {f"item_{n}": item.value, f"value_{n}": value}
    return values


def _after(
    connection: Connection, invitation: OpenInvitation, answers: Answers, judgement: Judgement, *, now: datetime
) -> None:
    mark_line(connection, invitation.department_id, str(invitation.period), invitation.period_ends_at)
    if not judgement.accepted:
        return
    if answers.wants_contact and answers.is_low:
        case = {
            "invitation_id": invitation.id,
            "person_id": invitation.person_id,
            "department_id": invitation.department_id,
            "period": str(invitation.period),
            "state": FollowUpState.WAITING.value,
            "moment": now,
        }
        OPEN_CASE.run(connection, case)
    elif invitation.stored is not None and invitation.stored.has_consented:
        CLOSE_CASE.run(connection, {"this": invitation.id})
