"""How far the close of a quarter is, and HR's word on what only a person can look at.

Reads counts of the whole company only. How many answered is told from the last moment at which anybody can answer until
the freeze: a number that moves while answers come in would tell when somebody did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, delete, func, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar, Period
from app.domain.quarter_close import (
    CheckedStep,
    CloseFacts,
    CloseStep,
    Sending,
    StepState,
    step_states,
    steps_in_need,
)
from app.domain.states import CommentState, ConnectionSide, MessageState, PeriodState, ResponseState
from app.models.close_checks import CloseCheck
from app.models.comments import reviews_of
from app.models.connections import Connection
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.insertion import insert_missing
from app.models.releases import PeriodRecord, lock_period
from app.models.responses import HeldResponse, ReleasedComment
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import RequestCycle
from app.pipeline.scorecards.comments import no_comment_may_be_read
from app.pipeline.scorecards.sending import sending
from app.pipeline.scorecards.stopping import mails_of

_MONTHS = 3


class CloseIsOver(Exception):
    """The quarter is frozen: what was not looked at before cannot be any more."""


class UnknownSource(LookupError):
    """No source of scores has this slug."""


@dataclass(frozen=True)
class Work:
    """What happened to the requests that were completed in a quarter."""

    completed: int = 0
    reopened: int = 0  # came back after they were closed
    undelivered: int = 0  # closed without delivery, or by the tracker itself
    unplaced: int = 0  # name no department that is known
    people_asked: int = 0  # also about a completion that was undone afterwards


@dataclass(frozen=True)
class MissingSource:
    """A source of scores that has told nothing about the quarter."""

    slug: str
    heard_of_at: datetime | None
    check: CloseCheck | None  # who goes without it


@dataclass(frozen=True, kw_only=True)
class QuarterClose:
    """Everything that the page of a close says."""

    period: Period
    states: Mapping[CloseStep, StepState]
    record: PeriodRecord | None
    work: Work
    work_before: Work
    answered: int | None  # people; None while it is not told
    check: CloseCheck | None
    sources: int
    missing: Sequence[MissingSource]
    comments_are_opened: bool  # or there is none that could be
    comments: int  # that HR may read
    comments_left: int
    is_released: bool  # of the comments nothing but the texts is left
    scorecards: int
    mails: Mapping[MessageState, int]
    sending: Sending

    @property
    def in_need(self) -> frozenset[CloseStep]:
        """The steps that wait for HR, and for nothing else."""
        return steps_in_need(self.states, self.sending)

    @property
    def done(self) -> int:
        """How many steps were done."""
        return list(self.states.values()).count(StepState.DONE)

    @property
    def passed(self) -> int:
        """How many steps nobody had done when the freeze came."""
        return list(self.states.values()).count(StepState.PASSED)


def read_close(
    session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy, now: datetime
) -> QuarterClose:
    """Return where the close of a quarter stands."""
    record = session.get(PeriodRecord, str(period))
    is_frozen = record is not None and record.state is not PeriodState.OPEN
    checks = _checks(session, period)
    sources, missing = _sources(session, calendar, period, checks)
    reviews = reviews_of(session, str(period))
    left = sum(review.is_flagged and review.state is CommentState.WAITING for review in reviews)
    are_in = now >= calendar.comments_open_at(period)
    are_opened = bool(reviews) or no_comment_may_be_read(session, period, calendar=calendar, policy=policy, now=now)
    mails = mails_of(session, period) if is_frozen else {}
    stands = sending(session, record, mails, calendar=calendar, policy=policy, now=now)
    looked = checks.get((CheckedStep.CHECKS, ""))
    work, is_released = _work(session, period), record is not None and record.state is PeriodState.RELEASED
    facts = CloseFacts(
        has_ended=now >= calendar.ends_at(period),
        answers_are_in=are_in,
        is_looked_at=looked is not None,
        scores_missing=sum(one.check is None for one in missing),
        comments_are_open=are_in and are_opened,
        comments_left=left,
        is_frozen=is_frozen,
        sending=stands,
    )
    return QuarterClose(
        period=period,
        states=step_states(facts),
        record=record,
        work=work.get(str(period), Work()),
        work_before=work.get(str(period.previous), Work()),
        answered=_answered(session, period) if are_in and not is_frozen else None,
        check=looked,
        sources=sources,
        missing=missing,
        comments_are_opened=are_opened,
        comments=_released_comments(session, period) if is_released else len(reviews),
        comments_left=left,
        is_released=is_released,
        scorecards=_scorecards(session, period) if is_frozen else 0,
        mails=mails,
        sending=stands,
    )


def tick(session: Session, period: Period, step: CheckedStep, subject: str = "", *, by: str, now: datetime) -> bool:
    """Note that somebody looked at the requests, or goes without a source; False where it was noted before.

    Raises CloseIsOver after the freeze and UnknownSource.
    """
    _refuse_frozen(session, period)
    if step is CheckedStep.SCORES and subject not in {source.slug for source in _scoring(session)}:
        raise UnknownSource(subject)
    row = {"period": str(period), "step": step, "subject": subject, "by": by, "at": now}
    return insert_missing(session, CloseCheck, row) == 1


def take_tick_back(session: Session, period: Period, step: CheckedStep, subject: str = "") -> bool:
    """Forget what `tick` noted; False where there was nothing. Raises CloseIsOver after the freeze."""
    _refuse_frozen(session, period)
    found = CloseCheck.period == str(period), CloseCheck.step == step, CloseCheck.subject == subject
    return session.scalar(delete(CloseCheck).where(*found).returning(CloseCheck.period)) is not None


def _refuse_frozen(session: Session, period: Period) -> None:
    record = lock_period(session, str(period))
    if record is not None and record.state is not PeriodState.OPEN:
        raise CloseIsOver(str(period))


def _checks(session: Session, period: Period) -> dict[tuple[CheckedStep, str], CloseCheck]:
    rows = session.scalars(select(CloseCheck).where(CloseCheck.period == str(period)))
    return {(row.step, row.subject): row for row in rows}


def _scoring(session: Session) -> Sequence[Connection]:
    query = select(Connection).where(Connection.side == ConnectionSide.SCORES, Connection.is_active)
    return session.scalars(query.order_by(Connection.slug)).all()


def _sources(
    session: Session, calendar: Calendar, period: Period, checks: Mapping[tuple[CheckedStep, str], CloseCheck]
) -> tuple[int, list[MissingSource]]:
    first = calendar.first_day(period)
    months = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + _MONTHS)
    spans = [str(period), *(f"{month // 12}-{month % 12 + 1:02}" for month in months)]
    single = select(ExternalResponse.source_id).where(ExternalResponse.period == str(period))
    told = set(session.scalars(single.union(select(ExternalTotal.source_id).where(ExternalTotal.period.in_(spans)))))
    sources = _scoring(session)
    missing = [
        MissingSource(source.slug, source.last_event_at, checks.get((CheckedStep.SCORES, source.slug)))
        for source in sources
        if source.id not in told
    ]
    return len(sources), missing


def _work(session: Session, period: Period) -> dict[str, Work]:
    reason, stands = RequestCycle.decision, RequestCycle.undone_at.is_(None)
    closed = (DecisionReason.CLOSED_WITHOUT_DELIVERY, DecisionReason.CLOSED_AUTOMATICALLY)
    query = (
        select(
            RequestCycle.period,
            func.sum(case((stands, 1), else_=0)),
            func.sum(case((and_(stands, RequestCycle.was_reopened), 1), else_=0)),
            func.sum(case((and_(stands, reason.in_(closed)), 1), else_=0)),
            func.sum(case((and_(stands, reason == DecisionReason.PROVIDER_UNKNOWN), 1), else_=0)),
            func.count(case((reason == DecisionReason.INVITED, RequestCycle.requester_id)).distinct()),
        )
        .where(RequestCycle.period.in_([str(period), str(period.previous)]))
        .group_by(RequestCycle.period)
    )
    return {name: Work(*(int(count) for count in counts)) for name, *counts in session.execute(query)}


def _answered(session: Session, period: Period) -> int:
    accepted = HeldResponse.period == str(period), HeldResponse.state == ResponseState.ACCEPTED
    return session.scalar(select(func.count(HeldResponse.requester_cluster_id.distinct())).where(*accepted)) or 0


def _released_comments(session: Session, period: Period) -> int:
    found = select(func.count()).select_from(ReleasedComment).where(ReleasedComment.period == str(period))
    return session.scalar(found) or 0


def _scorecards(session: Session, period: Period) -> int:
    first = ScorecardRevision.period == str(period), ScorecardRevision.revision == 1
    return session.scalar(select(func.count()).select_from(ScorecardRevision).where(*first)) or 0
