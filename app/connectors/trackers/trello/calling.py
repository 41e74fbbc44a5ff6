"""The calls to Trello's REST API: key and token stand in a header, never in an address, which logs would keep."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.connectors.connector import Page, Tool
from app.connectors.hooks import Verdict
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.trackers.trello.actions import ARRIVING, ASKING, LEAVING, Reading, told_by
from app.connectors.trackers.trello.cards import FIELDS, filled_in, is_card, told_by_card
from app.connectors.trackers.trello.reading import in_order
from app.connectors.trackers.trello.rules import Mode, rules_of
from app.domain.service_requests import TrackerEvent
from app.foundations.http import Answer, Pace, Refused, Trouble, UnreadableAnswer
from app.foundations.languages import gettext

API = "https://api.trello.com"
# Trello: 100 calls in 10 seconds for each token, and 100 in 900 seconds below /1/members.
PACE = Pace(per_second=8, burst=20)
MEMBERS_PACE = Pace(per_second=0.1, burst=10)
PAGE = 1000  # actions: the most that Trello gives at once
WINDOW = timedelta(days=7)  # of a poll: within it all actions are held, because Trello gives the newest first
OVERLAP = timedelta(seconds=1)  # of two spans: whether Trello counts what lies on their border is not documented
RECORDED = 200  # actions in one transaction

_BAD_CREDENTIALS = (b"invalid", b"expired")
_CREDENTIAL = re.compile(r"[\w.-]{1,200}", re.ASCII)


def call(tool: Tool, method: str, path: str, *, pace: Pace = PACE, **options: Any) -> Answer:
    """Call the API. Raises Trouble; a token that Trello does not know is no Refused: it is set anew, and then it works.

    Trello answers 401 to that, and also where a good token may not see what was asked for.
    """
    key, token = (text_of(tool.settings.get(name)) or "" for name in ("api_key", "token"))
    if not _CREDENTIAL.fullmatch(key) or not _CREDENTIAL.fullmatch(token):
        raise Trouble(gettext("api_key and token of Trello are letters and digits: set both"))
    account = hashlib.sha256(token.encode()).hexdigest()[:16] + (path[:11] if pace is MEMBERS_PACE else "")
    headers = {"Authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}
    address = (text_of(tool.settings.get("base_url")) or API).rstrip("/") + path
    try:
        return tool.http.call(method, address, headers=headers, pace=pace, account=account, **options)
    except Refused as refused:
        if refused.status != 401 or not any(word in refused.body for word in _BAD_CREDENTIALS):
            raise
        raise Trouble(
            gettext("Trello does not accept api_key and token any more: make a new token and set it")
        ) from None


def board_of(tool: Tool) -> str:
    """Return the setting `board_id`. Raises Trouble."""
    found = id_of(tool.settings.get("board_id"))
    if found is None:
        raise Trouble(gettext("board_id is missing: it stands in the address of the board, trello.com/b/<board_id>"))
    return found


def fetch(tool: Tool, identifier: str) -> bytes | None:
    """Return a card with its custom fields and the history of its state, None where it is deleted."""
    history = sorted({*ARRIVING, "updateCard"})
    return _card(tool, identifier, {"actions": ",".join(history), "actions_limit": PAGE})


def _card(tool: Tool, identifier: str, options: Mapping[str, Any]) -> bytes | None:
    params = {
        "fields": FIELDS,
        "customFieldItems": "true",
        "members": "true",
        "member_fields": "fullName,username",
        "board": "true",
        "board_fields": "name",
        "list": "true",
        **options,
    }
    try:
        return call(tool, "GET", f"/1/cards/{identifier}", params=params).body
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def fill_in(tool: Tool, event: TrackerEvent) -> TrackerEvent:
    """Return a completion with what its card tells: above all who asked. Unchanged where the card is gone or hidden."""
    try:
        body = _card(tool, event.external_id, {"actions": ",".join(sorted(ASKING))})
    except Refused:
        return event
    if body is None:
        return event
    card = Answer(200, {}, body).json()
    if not isinstance(card, dict) or not is_card(card):
        raise UnreadableAnswer(gettext("what Trello answered is no card"))
    return filled_in(event, card, tool.settings, _reading(tool))


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield what happened on the board since a moment, the oldest first, a week of it at a time."""
    board, reading = board_of(tool), _reading(tool)
    told = moment_in_utc((cursor or {}).get("since"))
    start = max(since, told) if told and (cursor or {}).get("board") == board else since
    while True:
        end = start + WINDOW
        actions = in_order(_window(tool, board, start, end if end < tool.now else None), reading)
        for first in range(0, len(actions), RECORDED):
            piece = actions[first : first + RECORDED]
            reached = moment_in_utc(piece[-1].get("date")) or start
            yield Page(cursor=_cursor(board, reached), events=tuple(_events(tool, piece, reading)))
        if end >= tool.now:
            yield Page(cursor={})  # all is told: the next poll begins where the framework says
            return
        yield Page(cursor=_cursor(board, end))
        start = end


def _cursor(board: str, reached: datetime) -> dict[str, Any]:
    return {"board": board, "since": _stamp(reached)}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _window(tool: Tool, board: str, start: datetime, end: datetime | None) -> list[Mapping[str, Any]]:
    """Return all actions of a span, the newest first; a page that repeats ends it."""
    found: dict[str, Mapping[str, Any]] = {}
    before = _stamp(end) if end else None
    while True:
        page = list(objects(_actions(tool, board, start, before)))
        fresh = {identifier: one for one in page if (identifier := id_of(one.get("id"))) and identifier not in found}
        found |= fresh
        if len(page) < PAGE or not fresh:
            return list(found.values())
        before = next(reversed(fresh))


def _actions(tool: Tool, board: str, start: datetime, before: str | None) -> Any:
    params = {
        "filter": _filter(tool),
        "since": _stamp(start - OVERLAP),
        "limit": PAGE,
        "fields": "data,type,date,idMemberCreator",
        "memberCreator_fields": "fullName,username",
    }
    if before is not None:
        params["before"] = before
    try:
        answer = call(tool, "GET", f"/1/boards/{board}/actions", params=params).json()
    except Refused as refused:
        raise cannot_see_board(refused) from None
    if not isinstance(answer, list):
        raise UnreadableAnswer(gettext("Trello answers with something else than a list of actions"))
    return answer


def cannot_see_board(refused: Refused) -> Trouble:
    """Return what to say where Trello refuses a board."""
    return Trouble(
        gettext(
            "Trello refuses the board (status %(status)s): is board_id right, and is the owner of the token a member?",
            status=refused.status,
        )
    )


def _filter(tool: Tool) -> str:
    """Name the kinds of actions that matter: of the many changes of cards only moves and archiving, where possible."""
    modes = rules_of(tool.settings).modes
    changes = ["updateCard"] if Mode.DUE_COMPLETE in modes else ["updateCard:idList", "updateCard:closed"]
    return ",".join([*sorted(ARRIVING | LEAVING), *changes])


def _events(tool: Tool, actions: list[Mapping[str, Any]], reading: Reading) -> Iterator[TrackerEvent]:
    for action in actions:
        told = told_by(action, reading)
        if told.event is None:
            continue
        yield told.event
        if told.verdict is Verdict.FETCH:
            yield from _decided(tool, told.event, reading)


def _decided(tool: Tool, event: TrackerEvent, reading: Reading) -> Iterator[TrackerEvent]:
    """Ask for the card where its action leaves the state in doubt; the answer holds for now."""
    try:
        body = fetch(tool, event.external_id)
    except Refused:  # it was hidden from us: what is known of it stays
        return
    card = Answer(200, {}, body).json() if body is not None else None
    if isinstance(card, dict) and is_card(card):
        told = told_by_card(card, tool.settings, reading, not_before=event.occurred_at)
        if told.event is not None:
            yield replace(told.event, event_id=event.event_id)


def _reading(tool: Tool) -> Reading:
    return Reading(rules=rules_of(tool.settings), received_at=tool.now)


def name_of(tool: Tool) -> str:
    """Return the user name of the token's owner. Raises Trouble."""
    found = call(tool, "GET", "/1/members/me", params={"fields": "username,fullName"}, pace=MEMBERS_PACE).json()
    return text_of(inside(found, "username")) or "?"
