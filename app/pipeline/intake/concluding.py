"""From a body to what it means, with every call that the tool must answer for it. Never inside a transaction."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from app.connectors.connector import Connector, Tool
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations.http import Refused
from app.foundations.languages import gettext


@dataclass
class Requesters:
    """Whom the keys of tools stand for, asked once for each key while one run lasts."""

    _known: dict[tuple[str, str], Requester | None] = field(default_factory=dict)

    def named(self, connector: Connector, tool: Tool, slug: str, event: TrackerEvent) -> TrackerEvent:
        """Return the event with the requester's address, where it completes and the tool tells one.

        The chain: the body, what it never tells (`fill_in`), our own table (setting `requesters`), the tool's user
        call, then what it shows of them on the request. Never invented. Raises Trouble where the tool may answer later.
        """
        if event.kind is EventKind.COMPLETED and connector.fill_in is not None:
            event = connector.fill_in(tool, event)
        asker = event.requester
        is_settled = asker is None or asker.email is not None or asker.key is None
        if is_settled or event.kind is not EventKind.COMPLETED or connector.find_requester is None:
            return event
        assert asker is not None
        assert asker.key is not None
        if asker.key in tool.settings.get("requesters", {}):
            return event
        at = (slug, asker.key)
        if at not in self._known:
            self._known[at] = _asked(connector, tool, asker, event)
        found = self._known[at]
        return event if found is None else replace(event, requester=replace(found, key=asker.key))


def _asked(connector: Connector, tool: Tool, asker: Requester, event: TrackerEvent) -> Requester | None:
    """Return what the first call that shows an address says; some tools hide it in one place and not in another."""
    assert connector.find_requester is not None
    found = None
    with suppress(Refused):  # gone, or hidden from us
        found = connector.find_requester(tool, asker)
    if (found is None or found.email is None) and connector.find_requester_of is not None:
        with suppress(Refused):
            found = connector.find_requester_of(tool, event) or found
    return found


def conclude(connector: Connector, hook: Hook, tool: Tool, slug: str, requesters: Requesters) -> Conclusion:
    """Return what a delivery tells, fetching what its body lacks. Raises UnreadableBody, and Trouble for later."""
    if connector.read is None:
        raise UnreadableBody(gettext("nothing reads deliveries of the kind %(kind)s", kind=connector.kind))
    found = connector.read(hook)
    if found.fetch and connector.fetch is not None:
        found = _together(found, [_fetched(connector, hook, tool, one) for one in dict.fromkeys(found.fetch)])
    events = tuple(requesters.named(connector, tool, slug, event) for event in found.events)
    return replace(found, events=events)


def _fetched(connector: Connector, hook: Hook, tool: Tool, identifier: str) -> Conclusion:
    assert connector.fetch is not None
    assert connector.read is not None
    body = connector.fetch(tool, identifier)
    if body is None and connector.side is ConnectionSide.SCORES:  # what was told before its deletion stands
        return Conclusion(verdict=Verdict.NO_SCORE, why=gettext("the tool does not have it any more"))
    if body is None:
        gone = TrackerEvent(external_id=identifier, kind=EventKind.DELETED, occurred_at=hook.received_at)
        return Conclusion(verdict=Verdict.DELETED, why=gettext("the tool does not have it any more"), events=(gone,))
    return connector.read(replace(hook, fetched=body))


def _together(told: Conclusion, fetched: Sequence[Conclusion]) -> Conclusion:
    """Return what a body told itself and what was fetched for it; verdict and reason are the first fetched one's."""
    return replace(
        fetched[0],
        events=told.events + tuple(event for one in fetched for event in one.events),
        scores=told.scores + tuple(score for one in fetched for score in one.scores),
    )
