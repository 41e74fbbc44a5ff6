"""From one Trello action to what it tells about one card.

`data.old` holds the changed keys only, so that a key's presence says what changed, whatever its value was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from app.connectors.hooks import Verdict
from app.connectors.lenient import id_of, inside, moment_in_utc, text_of
from app.connectors.trackers.trello.rules import Facts, Mode, Rules
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequesterKind, RequestState
from app.foundations.languages import gettext

# Whoever does one of these asks for the work. A card that comes from another board was asked for there.
ASKING = frozenset({"createCard", "copyCard", "emailCard", "convertToCardFromCheckItem"})
ARRIVING = ASKING | {"moveCardToBoard"}
LEAVING = frozenset({"deleteCard", "moveCardFromBoard"})
_NEW = ASKING - {"copyCard"}  # certainly neither complete nor archived

_CARD_ID = re.compile(r"[0-9a-f]{24}")
_KEYS = {Mode.LIST: "idList", Mode.DUE_COMPLETE: "dueComplete", Mode.ARCHIVE: "closed"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one action means. Without an event it concerns no card."""

    verdict: Verdict
    why: str
    event: TrackerEvent | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What reading needs besides the bytes."""

    rules: Rules
    received_at: datetime


def told_by(action: Mapping[str, Any], reading: Reading, was: RequestState | None = None) -> Told:
    """Return what an action tells; the verdict is seen from the stored state `was`, where that is known."""
    details = _details(action)
    card = inside(action, "data", "card")
    identifier = id_of(inside(card, "id"))
    if identifier is None:
        return Told(verdict=Verdict.IGNORED, why=gettext("this concerns no card"), details=details)
    event = _attributes(identifier, action, reading)
    verdict, kind, why = _conclusion(action, reading.rules, was)
    completed_at = event.occurred_at if kind is EventKind.COMPLETED else None
    if kind is EventKind.DELETED:
        event = replace(event, given=event.given - {"department", "title"})
    return Told(verdict=verdict, why=why, event=replace(event, kind=kind, completed_at=completed_at), details=details)


def _conclusion(action: Mapping[str, Any], rules: Rules, was: RequestState | None) -> tuple[Verdict, EventKind, str]:
    kind = action.get("type")
    if kind in LEAVING:
        return Verdict.DELETED, EventKind.DELETED, gettext("the card was deleted or left the board")
    if kind in ARRIVING:
        return _arrived(rules.is_done(_facts_after(action)), was)
    if kind == "updateCard":
        return _changed(action, rules, was)
    return Verdict.NOT_COMPLETED, EventKind.UPDATED, gettext("this change of a card is no completion")


def _arrived(is_done: bool | None, was: RequestState | None) -> tuple[Verdict, EventKind, str]:
    if is_done is None:
        return Verdict.FETCH, EventKind.UPDATED, gettext("only Trello knows whether the card is done: it is asked")
    if is_done:
        return done_now(was, gettext("the card was done from the beginning"))
    return open_now(was)


def _changed(action: Mapping[str, Any], rules: Rules, was: RequestState | None) -> tuple[Verdict, EventKind, str]:
    reason = _not_minded(inside(action, "data", "old"), rules)
    if reason is not None:
        return Verdict.NOT_COMPLETED, EventKind.UPDATED, reason
    after = rules.is_done(_facts_after(action))
    before = rules.is_done(_facts_before(action))
    if after is None:
        return Verdict.FETCH, EventKind.UPDATED, gettext("only Trello knows whether the card is done: it is asked")
    if after and before:
        return Verdict.NOT_COMPLETED, EventKind.UPDATED, gettext("the card was done before this change, too")
    if after:
        return done_now(was, gettext("the card became done by the rule of this connection"))
    if before and was is not RequestState.OPEN:
        return Verdict.REOPENED, EventKind.REOPENED, gettext("the card is not done any more")
    return open_now(was)


def _not_minded(changed: object, rules: Rules) -> str | None:
    """Return why a change says nothing: it never does, or not by these rules; None for one that may."""
    touched = {mode for mode in Mode if isinstance(changed, Mapping) and _KEYS[mode] in changed}
    if not touched:
        return gettext("this change of a card is no completion")
    if not touched & rules.modes:
        modes = ", ".join(sorted(touched))
        return gettext("this counts only where the setting mode names it: %(modes)s", modes=modes)
    if rules.modes == {Mode.LIST} and not rules.done_lists:
        return gettext("no list is done: the setting done_list_ids names none")
    return None


def done_now(was: RequestState | None, why: str) -> tuple[Verdict, EventKind, str]:
    """Return the conclusion from a card that is done."""
    if was is RequestState.DONE:
        return Verdict.NOT_COMPLETED, EventKind.COMPLETED, gettext("the request was done already")
    return Verdict.COMPLETED, EventKind.COMPLETED, why


def open_now(was: RequestState | None) -> tuple[Verdict, EventKind, str]:
    """Return the conclusion from a card that is not done."""
    if was is RequestState.DONE:
        return Verdict.REOPENED, EventKind.REOPENED, gettext("the card is not done any more")
    return Verdict.NOT_COMPLETED, EventKind.REOPENED, gettext("the card is not done")


def _facts_after(action: Mapping[str, Any]) -> Facts:
    data, card = action.get("data"), inside(action, "data", "card")
    found = inside(data, "listAfter", "id") or inside(card, "idList") or inside(data, "list", "id")
    is_new = False if action.get("type") in _NEW else None
    return Facts(
        list_id=id_of(found),
        due_complete=_boolean(inside(card, "dueComplete"), is_new),
        closed=_boolean(inside(card, "closed"), is_new),
    )


def _facts_before(action: Mapping[str, Any]) -> Facts:
    after, old = _facts_after(action), inside(action, "data", "old") or {}
    list_id = old.get("idList") or inside(action, "data", "listBefore", "id")
    return Facts(
        list_id=id_of(list_id) if "idList" in old else after.list_id,
        due_complete=old["dueComplete"] is True if "dueComplete" in old else after.due_complete,
        closed=old["closed"] is True if "closed" in old else after.closed,
    )


def _boolean(found: object, absent: bool | None) -> bool | None:
    return found if isinstance(found, bool) else absent


def _attributes(identifier: str, action: Mapping[str, Any], reading: Reading) -> TrackerEvent:
    """Return the event without its kind: what the action says of the card itself, and who asked."""
    data, card = action.get("data"), inside(action, "data", "card")
    short = id_of(inside(card, "shortLink"))
    asker = asker_of(action)
    department = department_of(data)
    event = TrackerEvent(
        external_id=identifier,
        kind=EventKind.UPDATED,
        occurred_at=moment_in_utc(action.get("date")) or reading.received_at,
        event_id=id_of(action.get("id")),
        external_key=short,
        title=text_of(inside(card, "name")),
        url=f"https://trello.com/c/{short}" if short else None,
        status=text_of(inside(data, "listAfter", "name") or inside(data, "list", "name")),
        requester=asker,
        requester_kind=kind_of(asker, reading.rules),
        department=department,
        created_at=created_at(identifier),
        due_at=moment_in_utc(inside(card, "due")),
    )
    return replace(event, given=given_by(event) | ({"due_at"} if "due" in card else set()))


def given_by(event: TrackerEvent) -> frozenset[str]:
    """Return the names of the fields that hold something."""
    names = ("external_key", "title", "url", "status", "department", "created_at", "due_at", "requester_kind")
    return frozenset(name for name in names if getattr(event, name))


def asker_of(action: Mapping[str, Any]) -> Requester | None:
    """Return who asked, from an action by which cards come to be; never who did the work."""
    if action.get("type") not in ASKING:
        return None
    key = id_of(inside(action, "memberCreator", "id")) or id_of(action.get("idMemberCreator"))
    return Requester(key=key, name=text_of(inside(action, "memberCreator", "fullName"))) if key else None


def kind_of(asker: Requester | None, rules: Rules) -> RequesterKind | None:
    """Return BOT for a member of the setting `bot_ids`, PERSON for another one, None where nobody is known."""
    if asker is None:
        return None
    return RequesterKind.BOT if asker.key in rules.bots and asker.email is None else RequesterKind.PERSON


def department_of(data: object) -> dict[str, str]:
    """Return list and board, each by name and by id, the surer first."""
    where = inside(data, "listAfter") or inside(data, "list")
    found = {
        "list_name": text_of(inside(where, "name")),
        "list_id": id_of(inside(where, "id")),
        "board_name": text_of(inside(data, "board", "name")),
        "board_id": id_of(inside(data, "board", "id")),
    }
    return {name: value for name, value in found.items() if value}


def created_at(identifier: str) -> datetime | None:
    """Return when a card was made: the first eight hexadecimal digits of its id are Unix seconds."""
    if not _CARD_ID.fullmatch(identifier):
        return None
    return datetime.fromtimestamp(int(identifier[:8], 16), tz=UTC)


def _details(action: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is explained and never stored."""
    member = action.get("memberCreator")
    key = id_of(inside(member, "id")) or id_of(action.get("idMemberCreator"))
    at, data = moment_in_utc(action.get("date")), action.get("data")
    where = department_of(data)
    return {
        "event_id": id_of(action.get("id")),
        "event_type": text_of(action.get("type")),
        "event_at": at,
        "actor": {"id": key, "name": text_of(inside(member, "fullName")), "email": None} if key else None,
        "department": {name: where.get(name) for name in ("board_id", "board_name", "list_name")} if where else None,
        "started_at": moment_in_utc(inside(data, "card", "start")),
    }
