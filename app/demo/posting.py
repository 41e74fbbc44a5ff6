"""Where the demo's mails go: those of the past are only counted, those of the last days reach the mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.domain.asking import Asking
from app.domain.periods import Period
from app.domain.states import MessageState
from app.mail.links import Links
from app.mail.outbox import COMPOSERS, Delivery, deliver_due
from app.mail.transport import Send
from app.models.messages import Message
from app.models.scorecards import ScorecardRevision
from app.pipeline import scorecards
from app.pipeline.invitations import may_leave
from app.pipeline.scorecards import Draw

KEPT = timedelta(days=7)
SENDER = "parity@halden.example"


@dataclass
class PastPost:
    """Counts what left long ago; hands the rest to `send`, which writes into the mailbox."""

    links: Links
    send: Send
    languages: tuple[str, ...]
    today: datetime  # the moment at which the story ends
    newest_scorecards: Period  # the last quarter that was posted: its mails are always in the mailbox
    counted: int = 0

    def deliver(self, sessions: sessionmaker[Session], asking: Asking, now: datetime) -> None:
        """Post what is due: long ago the server took it unread, of late each mail is composed and kept.

        The newest scorecards are kept with the day on which they left, however long ago that is.
        """
        if now < self.today - KEPT:
            with sessions.begin() as session:
                self._take(session, Message.key.not_in(self._newest(session)), now)
        delivery = Delivery(
            send=self.send,
            links=self.links,
            sender=SENDER,
            rate=1e6,
            may_leave=may_leave,
            composers={**COMPOSERS, **scorecards.composers(asking.calendar)},
            sleep=_no_sleep,
            elapsed=_no_time,
        )
        deliver_due(sessions, delivery, now=now)

    def _newest(self, session: Session) -> list[str]:
        """Return the keys of the newest scorecards' mails: they are for the mailbox."""
        rows = session.scalars(
            select(ScorecardRevision.id).where(ScorecardRevision.period >= str(self.newest_scorecards))
        )
        wanted = tuple(f"scorecard:{id_}:" for id_ in rows)
        keys = session.scalars(select(Message.key).where(Message.name == "scorecard"))
        return [key for key in keys if key.startswith(wanted)]

    def _take(self, session: Session, which: ColumnElement[bool], now: datetime) -> None:
        taken = session.execute(
            update(Message)
            .where(Message.state == MessageState.WAITING, Message.due_at <= now, which)
            .values(state=MessageState.SENT, accepted_at=now, mail_system="mx.halden.example", attempts=1)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        self.counted += len(taken.all())

    def scorecards(self, session: Session, asking: Asking, now: datetime) -> int:
        """Post what is due; pictures and PDFs are drawn for the newest quarter only, the others at any time."""
        return scorecards.post_due(
            session,
            calendar=asking.calendar,
            policy=asking.policy,
            languages=self.languages,
            now=now,
            draw=self._draw(asking),
        )

    def _draw(self, asking: Asking) -> Draw:
        def draw(session: Session, row: ScorecardRevision, language: str) -> None:
            if Period.parse(row.period) >= self.newest_scorecards:
                scorecards.draw(session, row, language, calendar=asking.calendar)

        return draw


def _no_sleep(_seconds: float) -> None:
    """The past does not wait for a sending rate."""


def _no_time() -> float:
    """Every mail of a morning leaves at the same moment, so that the same date gives the same bytes."""
    return 0.0
