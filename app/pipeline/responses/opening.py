"""Find what a survey link leads to. One statement, whatever is stored; a second one where an answer is to be shown."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_from_json
from app.domain.instruments import Item, Questionnaire
from app.domain.periods import Calendar, Period
from app.domain.states import TAKES_ANSWERS, InvitationState, PeriodState, ResponseState
from app.domain.zones import zone_or
from app.foundations.crypto import Keys
from app.models.surveys import questionnaire
from app.pipeline.responses.statements import READ_ANSWERS, READ_INVITATION

SURVEY_TOKEN = "survey"  # noqa: S105  the purpose of the token, see Keys.token


class InvitationUnknown(LookupError):
    """The token is not ours, or its invitation was deleted after twelve months."""


class Closed(StrEnum):
    """Why a known link takes no answer."""

    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class InvitationClosed(Exception):
    """The link is known and takes no answer any more."""

    def __init__(self, why: Closed, invitation: "OpenInvitation") -> None:
        super().__init__(f"the invitation is closed: {why}")
        self.why = why
        self.invitation = invitation


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What was answered through this link before."""

    response_id: bytes = field(repr=False)
    state: ResponseState
    submitted_at: datetime  # of the last submission, whether it counted or not
    submitted_rating: int | None
    rating: int | None
    reasons: tuple[str, ...]
    comment: str | None
    has_consented: bool
    has_thanked: bool


@dataclass(frozen=True, kw_only=True)
class OpenInvitation:
    """An invitation that may be answered, with all that its page and its answer need."""

    id: int
    public_id: bytes = field(repr=False)
    state: InvitationState
    person_id: int
    language: str
    expires_at: datetime
    time_zone: ZoneInfo  # the requester's, else the company's
    mail_system: str | None
    title: str | None
    reference: str
    completed_at: datetime
    department_id: int
    department_name: str
    requester_department_id: int | None
    request_type: str | None
    on_time: bool | None
    was_reopened: bool
    period: Period
    period_ends_at: datetime
    month: str
    policy: AskingPolicy
    questionnaire: Questionnaire = field(repr=False)
    salt: bytes | None = field(repr=False)
    stored: Stored | None

    @property
    def rotating_item(self) -> Item | None:
        """The one rotating item of this form; None where the quarter has no salt."""
        return self.questionnaire.rotating_item(self.salt, self.public_id) if self.salt else None


def open(  # noqa: A001  the step is called responses.open
    connection: Connection, keys: Keys, calendar: Calendar, token: str, *, now: datetime
) -> OpenInvitation:
    """Return the invitation of `token`. Writes nothing. Raises InvitationUnknown and InvitationClosed."""
    public_id = keys.read_token(SURVEY_TOKEN, token)
    if public_id is None:
        raise InvitationUnknown
    return read(connection, keys, calendar, public_id, now=now)


def read(connection: Connection, keys: Keys, calendar: Calendar, public_id: bytes, *, now: datetime) -> OpenInvitation:
    """Return the invitation with this public id, in one statement; one more reads a version of the survey that is new.

    Raises as `open` does.
    """
    found = READ_INVITATION.glance(connection, {"public_id": public_id, "now": now})
    if not found:
        raise InvitationUnknown
    row = found[0]
    invitation = _invitation(row, questionnaire(connection, row.survey), keys, calendar)
    if invitation.state is InvitationState.WITHDRAWN:
        raise InvitationClosed(Closed.WITHDRAWN, invitation)
    is_over = invitation.expires_at <= now or row.period_state is PeriodState.RELEASED
    # After a restore the link to an answer is gone: it stays, and a second one must not count beside it.
    is_out_of_reach = invitation.state is InvitationState.ANSWERED and invitation.stored is None
    if is_over or is_out_of_reach or invitation.state not in TAKES_ANSWERS:
        raise InvitationClosed(Closed.EXPIRED, invitation)
    return invitation


def answers_of(connection: Connection, stored: Stored) -> dict[Item, int | None]:
    """Return the values given before; None says "cannot judge"."""
    rows = READ_ANSWERS.rows(connection, {"response_id": stored.response_id})
    return {Item(item): value for item, value in rows}


def _invitation(row: Any, asked: Questionnaire, keys: Keys, calendar: Calendar) -> OpenInvitation:
    period, ends_at = _quarter(row.period, calendar)
    return OpenInvitation(
        id=row.id,
        public_id=row.public_id,
        state=row.state,
        person_id=row.person_id,
        language=row.language,
        expires_at=row.expires_at,
        time_zone=zone_or(row.time_zone, calendar.time_zone),
        mail_system=row.mail_system,
        title=row.title,
        reference=row.external_key or row.external_id,
        completed_at=row.completed_at,
        department_id=row.department_id,
        department_name=row.department_name or row.code,
        requester_department_id=row.requester_department_id,
        request_type=row.request_type,
        on_time=row.on_time,
        was_reopened=row.was_reopened,
        period=period,
        period_ends_at=row.period_ends_at or ends_at,
        month=row.month,
        policy=policy_of(row.rules),
        questionnaire=asked,
        salt=keys.unseal_salt(row.salt) if row.salt else None,
        stored=_stored(row),
    )


@lru_cache(maxsize=16)
def _quarter(name: str, calendar: Calendar) -> tuple[Period, datetime]:
    period = Period.parse(name)
    return period, calendar.ends_at(period)


def _stored(row: Any) -> Stored | None:
    if row.response_id is None:
        return None
    return Stored(
        response_id=row.response_id,
        state=row.response_state,
        submitted_at=row.submitted_at,
        submitted_rating=row.submitted_rating,
        rating=row.rating,
        reasons=tuple(row.reason_chips),
        comment=row.comment,
        has_consented=row.has_consented,
        has_thanked=row.has_thanked,
    )


@lru_cache(maxsize=8)
def policy_of(rules: str | None) -> AskingPolicy:
    """Return the policy in these words; the defaults where none was ever switched on."""
    return policy_from_json(json.loads(rules)) if rules else AskingPolicy()
