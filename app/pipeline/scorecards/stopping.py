"""HR may stop a posting: mails that have not left are taken back, and written anew once it goes on.

A mail that the outbox is sending at the moment of the stop is not touched. Its sender asks `is_stopped` right before
it hands it over; what comes back to waiting is taken back by the next sweep. So each mail leaves once or waits.

Later revisions are mailed by hand only: whoever stops is told which to mail again, and nobody else takes them back,
since nothing would write them anew. What comes back to waiting of them leaves after the resume.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.domain.states import MessageState, PeriodState
from app.models.messages import Message
from app.models.releases import PeriodRecord, lock_period, unwritten
from app.models.scorecards import ScorecardPosting, ScorecardRevision

LAST_MORNING = timedelta(days=2)  # after the mails were written, the last zone's 09:00 is over
SCORECARD, SMALL_DEPARTMENT = "scorecard", "small_department"


class PostingStopped(Exception):
    """HR has stopped the posting of this quarter; nothing of it is mailed until it is resumed."""


class UnknownPeriod(LookupError):
    """Nothing of this quarter is planned or posted."""


@dataclass(frozen=True)
class Stop:
    """What stopping found: mails taken back, those that cannot be, and the revisions that the first ones belong to."""

    taken_back: int
    revisions: tuple[int, ...]
    being_sent: int
    sent: int
    is_new: bool  # it was not stopped before

    @property
    def has_changed_anything(self) -> bool:
        """Tell whether there is anything to note."""
        return self.is_new or self.taken_back > 0

    @property
    def counts(self) -> dict[str, int]:
        """What is noted and told of it, in mails."""
        return {"taken_back": self.taken_back, "being_sent": self.being_sent, "already_sent": self.sent}


@dataclass(frozen=True)
class Standing:
    """How far a posting is that has not ended: stopped or not, and how many of its mails have left."""

    is_stopped: bool
    sent: int


def scorecard_key(scorecard_id: int, recipient: str) -> str:
    """Return the key of a scorecard's mail: it is written once, and keeps its Message-ID when it is written anew."""
    return f"{SCORECARD}:{scorecard_id}:{recipient}"


def small_department_key(period: Period, code: str, recipient: str) -> str:
    """Return the key of the mail to the head of a department that is too small for a scorecard."""
    return f"{SMALL_DEPARTMENT}:{period}:{code}:{recipient}"


def stop(session: Session, period: Period) -> Stop:
    """Stop the posting and take back what waits; again is harmless. Raises UnknownPeriod."""
    record = _locked(session, period)
    is_new, record.posting_stopped = not record.posting_stopped, True
    count, revisions = take_back(session, period)
    left = mails_of(session, period)
    return Stop(count, revisions, left.get(MessageState.SENDING, 0), left.get(MessageState.SENT, 0), is_new)


def resume(session: Session, period: Period) -> bool:
    """Let the posting go on; False where it was not stopped. Raises UnknownPeriod."""
    record = _locked(session, period)
    if not record.posting_stopped:
        return False
    take_back(session, period, only_first=True)  # heads may have changed: what came back to waiting is addressed anew
    record.posting_stopped = False
    session.flush()
    return True


def standings(session: Session, periods: Collection[str], *, now: datetime) -> dict[str, Standing]:
    """Return those of the frozen quarters whose posting is to come, under way or stopped."""
    query = select(PeriodRecord).where(
        PeriodRecord.period.in_(periods),
        PeriodRecord.state != PeriodState.OPEN,
        PeriodRecord.is_historical.is_(False),
        or_(
            PeriodRecord.posting_stopped,
            unwritten(),
            PeriodRecord.posted_at > now - LAST_MORNING,
        ),
    )
    found: dict[str, Standing] = {}
    for record in session.scalars(query):
        mails = mails_of(session, Period.parse(record.period))
        has_left = record.is_written and not mails.keys() & {MessageState.WAITING, MessageState.SENDING}
        if record.posting_stopped or not has_left:
            found[record.period] = Standing(record.posting_stopped, mails.get(MessageState.SENT, 0))
    return found


def take_back(session: Session, period: Period, *, only_first: bool = False) -> tuple[int, tuple[int, ...]]:
    """Delete the quarter's mails that wait, as if they had never been written; return how many, of which revisions.

    With `only_first` those that the worker writes anew by itself: of first revisions and of small departments.
    """
    taken = (
        session.execute(
            delete(Message)
            .where(_belongs_to(period, only_first=only_first), Message.state == MessageState.WAITING)
            .returning(Message.name, Message.params, Message.recipient)
            .execution_options(synchronize_session=False)
        )
        .tuples()
        .all()
    )
    cards = [(params["scorecard_id"], to) for name, params, to in taken if name == SCORECARD and params is not None]
    for scorecard_id, recipient in cards:
        session.execute(
            delete(ScorecardPosting)
            .where(ScorecardPosting.scorecard_id == scorecard_id, ScorecardPosting.recipient == recipient)
            .execution_options(synchronize_session="fetch")
        )
    rows = select(ScorecardRevision.revision).where(ScorecardRevision.id.in_({card for card, _ in cards})).distinct()
    revisions = tuple(sorted(session.scalars(rows)))
    if 1 in revisions or len(cards) < len(taken):  # of those that the worker posts by itself
        session.get_one(PeriodRecord, str(period)).posted_at = None
        session.flush()
    return len(taken), revisions


def take_back_stopped(session: Session) -> None:
    """Take back what came back to waiting after its quarter was stopped."""
    for name in session.scalars(select(PeriodRecord.period).where(PeriodRecord.posting_stopped)).all():
        take_back(session, Period.parse(name), only_first=True)


def is_stopped(session: Session, message: Message) -> bool:
    """Tell the outbox whether a mail must wait because the posting it belongs to is stopped."""
    params = message.params or {}
    if message.name == SCORECARD:
        periods = select(ScorecardRevision.period).where(ScorecardRevision.id == params["scorecard_id"])
        stopped = select(PeriodRecord.posting_stopped).where(PeriodRecord.period.in_(periods))
    elif message.name == SMALL_DEPARTMENT:
        stopped = select(PeriodRecord.posting_stopped).where(PeriodRecord.period == params["period"])
    else:
        return False
    return bool(session.scalar(stopped))


def mails_of(session: Session, period: Period) -> dict[MessageState, int]:
    """Return how many mails of a quarter stand where."""
    counts = select(Message.state, func.count()).where(_belongs_to(period)).group_by(Message.state)
    return dict(session.execute(counts).tuples().all())


def _locked(session: Session, period: Period) -> PeriodRecord:
    record = lock_period(session, str(period))
    if record is None:
        raise UnknownPeriod(str(period))
    return record


def _belongs_to(period: Period, *, only_first: bool = False) -> ColumnElement[bool]:
    number, recipient = cast(ScorecardPosting.scorecard_id, String), ScorecardPosting.recipient
    keys = (
        select(literal(f"{SCORECARD}:").concat(number).concat(":").concat(recipient))
        .join(ScorecardRevision, ScorecardRevision.id == ScorecardPosting.scorecard_id)
        .where(ScorecardRevision.period == str(period))
    )
    if only_first:
        keys = keys.where(ScorecardRevision.revision == 1)
    small = Message.key.startswith(small_department_key(period, "", "").removesuffix(":"), autoescape=True)
    return or_(Message.key.in_(keys), small)
