"""Conclude from everything that hooks have stored: claim one, ask its tool what the body lacks, record, next."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import DataError

from app.connectors import find_connector
from app.connectors.connector import Connector, Tool
from app.connectors.hooks import UnreadableBody
from app.foundations.http import Memory, Recalling, Refused, Trouble
from app.imports.faults import RowsRefused
from app.jobs.installation import Installation
from app.jobs.outside import tool_of
from app.models.base import reading
from app.pipeline import external_scores
from app.pipeline.intake import deliveries
from app.pipeline.intake.concluding import Requesters, conclude
from app.pipeline.intake.deliveries import Brought, Claim

RUN = timedelta(seconds=45)  # what is left goes on in the next sweep: polls, invitations and mail have their turn, too
LOOK_AGAIN = 5.0  # seconds after which a connection whose first delivery has come meanwhile gets its turn
MOST_TROUBLES = 3  # in a row: then a tool is left in peace for the rest of the run


def process_deliveries(installation: Installation, *, now: datetime, at_most: timedelta = RUN) -> int:
    """Attempt what is due and return how many deliveries that were. One that fails holds up no other.

    No connection waits behind another's flood. A killed worker leaves the rest waiting, and what it had begun for a
    later attempt.
    """
    return _Run(installation, now, at_most).go()


@dataclass
class _Run:
    """One run: what it has attempted, what it was answered, and what each connection has cost so far."""

    installation: Installation
    now: datetime
    at_most: timedelta
    attempted: int = 0
    _began: float = field(default_factory=time.monotonic)
    _seconds: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))  # by connection
    _troubles: Counter[int] = field(default_factory=Counter)  # in a row, by connection
    _requesters: Requesters = field(default_factory=Requesters)
    _memory: Memory = field(default_factory=Memory)

    @property
    def moment(self) -> datetime:
        """Now, as it has become: an attempt is reserved from when it begins."""
        return self.now + timedelta(seconds=time.monotonic() - self._began)

    def go(self) -> int:
        """Go on until nothing is due that is free, or until the time is over; return how many were attempted."""
        while not self._is_over() and self._turns(self._waiting()):
            pass
        return self.attempted

    def _is_over(self) -> bool:
        return self.moment - self.now >= self.at_most

    def _waiting(self) -> set[int]:
        with reading(), self.installation.sessions() as session:
            due = deliveries.connections_with_due(session, now=self.moment)
        return {one for one in due if self._troubles[one] < MOST_TROUBLES}

    def _turns(self, waiting: set[int]) -> bool:
        """Attempt one delivery after the other, of the connection that took least time yet; False if none was free."""
        before, look_again_at = self.attempted, time.monotonic() + LOOK_AGAIN
        while waiting and not self._is_over() and time.monotonic() < look_again_at:
            connection = min(waiting, key=lambda one: (self._seconds[one], one))
            began = time.monotonic()
            if not self._attempt(connection) or self._troubles[connection] >= MOST_TROUBLES:
                waiting.discard(connection)
            self._seconds[connection] += time.monotonic() - began
        return self.attempted > before

    def _attempt(self, connection_id: int) -> bool:
        """Attempt a connection's oldest due delivery, and say whether there was one."""
        now = self.moment
        with self.installation.sessions.begin() as session:
            claim = deliveries.claim_next(session, connection_id, now=now)
        if claim is None:
            return False
        self.attempted += 1
        try:
            self._process(claim, now)
        except (UnreadableBody, RowsRefused, DataError) as error:
            with self.installation.sessions.begin() as session:
                deliveries.refuse(session, claim, str(error), now=now)
        except Exception as error:  # noqa: BLE001  whatever stops one delivery, those behind it go on
            self._troubles[connection_id] += isinstance(error, Trouble) and not isinstance(error, Refused)
            with self.installation.sessions.begin() as session:
                deliveries.put_off(session, claim, error, now=now)
        else:
            self._troubles[connection_id] = 0
        return True

    def _process(self, claim: Claim, now: datetime) -> None:
        installation = self.installation
        with reading(), installation.sessions() as session:
            brought = deliveries.bring(session, claim, installation.keys, installation.calendar)
        connector = find_connector(brought.side, brought.kind) or Connector(kind=brought.kind, side=brought.side)
        conclusion = conclude(connector, brought.hook, self._tool(brought, now), brought.slug, self._requesters)
        calendar = installation.calendar
        with installation.sessions.begin() as session:
            source = deliveries.settle(session, claim, conclusion, calendar=calendar, now=now)
            if source is not None:
                external_scores.record_told(
                    session, source, conclusion.scores, keys=installation.keys, calendar=calendar
                )

    def _tool(self, brought: Brought, now: datetime) -> Tool:
        """Return the way to a delivery's tool, which is not asked again what it answered after the delivery came."""

        def latest() -> datetime | None:
            with reading(), self.installation.sessions() as session:
                return deliveries.latest_stored(session, brought.connection_id)

        tool = tool_of(self.installation.settings, brought.settings, now=now)
        happened_at = brought.hook.received_at
        return replace(tool, http=Recalling(tool.http, self._memory, happened_at=happened_at, latest=latest))
