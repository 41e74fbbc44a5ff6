"""What an answer of a tool's API tells, for the kinds that are only polled: `flask trackers explain` reads it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.connectors.connector import Tool
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import parse_json
from app.connectors.lenient import text_of
from app.connectors.verdicts import judged
from app.domain.service_requests import EventKind, TrackerEvent
from app.foundations.languages import gettext

Source = Hook | Tool  # both know settings and time zone
Row = Mapping[str, Any]


def seen_at(source: Source) -> datetime:
    """Return when an answer was heard, for what does not say when it changed."""
    return source.received_at if isinstance(source, Hook) else source.now


def page_of(source: Source, path: str) -> str | None:
    """Return the address of a page of the tool, None where its `base_url` is not given."""
    base = text_of(source.settings.get("base_url"))
    return f"{base.rstrip('/')}{path}" if base else None


def explain_rows(
    hook: Hook, rows_of: Callable[[object], Sequence[Row]], event_of: Callable[[Row], TrackerEvent]
) -> Conclusion:
    """Return what the requests in a body tell; the verdict is the first one's. Raises UnreadableBody."""
    events = tuple(event_of(row) for row in rows_of(parse_json(hook.body if hook.fetched is None else hook.fetched)))
    if not events:
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("no request stands in this answer of the tool"))
    verdict, why = judged(events[0].kind, hook.was, resolution=events[0].resolution)
    if events[0].kind is EventKind.UPDATED:
        why = gettext("this does not say whether the request is done")
    return Conclusion(verdict=verdict, why=why, events=events)
