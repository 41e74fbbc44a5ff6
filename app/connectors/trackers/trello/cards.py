"""From a Trello card, as GET answers it, to what it tells: its state, and who asked, which no completion says."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from app.connectors.hooks import Verdict
from app.connectors.lenient import address_after, address_of, id_of, inside, moment_in_utc, objects, text_of
from app.connectors.trackers.trello.actions import (
    Reading,
    Told,
    asker_of,
    created_at,
    department_of,
    done_now,
    given_by,
    kind_of,
    open_now,
    told_by,
)
from app.connectors.trackers.trello.rules import Facts
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequestState
from app.foundations.languages import gettext

MOST_LABELS = 10
FIELDS = "name,desc,idBoard,idList,due,dueComplete,start,closed,dateLastActivity,labels,idMembers,shortLink,shortUrl"


def is_card(found: Mapping[str, Any]) -> bool:
    """True for what has the shape of a card."""
    return id_of(found.get("id")) is not None and "idList" in found


def told_by_card(
    card: Mapping[str, Any],
    settings: Mapping[str, Any],
    reading: Reading,
    was: RequestState | None = None,
    not_before: datetime | None = None,
) -> Told:
    """Return what the present state of a card tells, as of its last activity or of the later `not_before`."""
    identifier = id_of(card.get("id")) or ""
    active_at = moment_in_utc(card.get("dateLastActivity"))
    occurred_at = max(filter(None, (active_at, not_before)), default=reading.received_at)
    event = TrackerEvent(
        external_id=identifier,
        kind=EventKind.UPDATED,
        occurred_at=occurred_at,
        created_at=created_at(identifier),
        status=text_of(inside(card, "list", "name")),
    )
    event = replace(filled_in(event, card, settings, reading), kind=EventKind.UPDATED)
    is_done = reading.rules.is_done(_facts(card))
    if is_done is None:
        verdict, kind, why = Verdict.NOT_COMPLETED, EventKind.UPDATED, gettext("this does not say where the card is")
    else:
        verdict, kind, why = done_now(was, gettext("the card is done")) if is_done else open_now(was)
    completed_at = _completed_at(card, reading) if kind is EventKind.COMPLETED else None
    return Told(
        verdict=verdict,
        why=why,
        event=replace(event, kind=kind, completed_at=completed_at, given=event.given | given_by(event)),
        details=_details(card),
    )


def filled_in(
    event: TrackerEvent, card: Mapping[str, Any], settings: Mapping[str, Any], reading: Reading
) -> TrackerEvent:
    """Return the event with what the card itself tells: who asked, title, address, due moment, departments."""
    asker = _requester(card, settings) or event.requester
    short = id_of(card.get("shortLink"))
    filled = replace(
        event,
        external_key=short or event.external_key,
        title=text_of(card.get("name")) or event.title,
        url=(f"https://trello.com/c/{short}" if short else None) or event.url,
        requester=asker,
        requester_kind=kind_of(asker, reading.rules),
        due_at=moment_in_utc(card.get("due")),
        department={**_departments(card, settings), **_place(card), **event.department},
    )
    return replace(filled, given=event.given | given_by(filled) | ({"due_at"} if "due" in card else set()))


def _facts(card: Mapping[str, Any]) -> Facts:
    due_complete, closed = card.get("dueComplete"), card.get("closed")
    return Facts(
        list_id=id_of(card.get("idList")),
        due_complete=due_complete if isinstance(due_complete, bool) else None,
        closed=closed if isinstance(closed, bool) else None,
    )


def _requester(card: Mapping[str, Any], settings: Mapping[str, Any]) -> Requester | None:
    """Return who asked: a custom field, a line of the description, then whoever made the card."""
    named = _field(card, settings.get("requester_field_id"))
    if named:
        address = address_of(named)
        return Requester(email=address) if address else Requester(key=named)
    address = address_after(card.get("desc"), text_of(settings.get("requester_label")) or "")
    if address:
        return Requester(email=address)
    return _by_user_name(card, settings) or next(filter(None, map(asker_of, _actions(card))), None)


def _by_user_name(card: Mapping[str, Any], settings: Mapping[str, Any]) -> Requester | None:
    """Return whoever made the card by our own table, where that names the user instead of the id."""
    table = settings.get("requesters")
    for action in _actions(card):
        asker = asker_of(action)
        name = text_of(inside(action, "memberCreator", "username"))
        if asker and name and isinstance(table, Mapping) and address_of(table.get(name)):
            return replace(asker, email=address_of(table[name]))
    return None


def _actions(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the actions that came with a card, the oldest first (Trello lists the newest first)."""
    return list(reversed(list(objects(card.get("actions")))))


def _field(card: Mapping[str, Any], identifier: object) -> str | None:
    """Return the value of a custom field: text, a number, or the id of a chosen option."""
    wanted = id_of(identifier)
    items = objects(card.get("customFieldItems")) if wanted else ()
    return next(filter(None, (_value(item) for item in items if item.get("idCustomField") == wanted)), None)


def _value(item: Mapping[str, Any]) -> str | None:
    value = item.get("value")
    return text_of(inside(value, "text") or inside(value, "number")) or id_of(item.get("idValue"))


def _departments(card: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what is surer than list and board: the custom field, then the labels in their order."""
    field = _field(card, settings.get("department_field_id"))
    labels = filter(None, (text_of(label.get("name")) for label in objects(card.get("labels"))))
    numbered = {f"label{number}": name for number, name in enumerate(islice(labels, MOST_LABELS), 1)}
    return {**({"field": field} if field else {}), **numbered}


def _place(card: Mapping[str, Any]) -> dict[str, str]:
    where = {
        "list": card.get("list") or {"id": card.get("idList")},
        "board": card.get("board") or {"id": card.get("idBoard")},
    }
    return department_of(where)


def _completed_at(card: Mapping[str, Any], reading: Reading) -> datetime | None:
    """Return when the card became done for the last time, as far as its actions tell."""
    told = (told_by(action, reading).event for action in _actions(card))
    moments = [event.completed_at for event in told if event and event.completed_at]
    return max(moments, default=None)


def _details(card: Mapping[str, Any]) -> dict[str, Any]:
    members = objects(card.get("members"))
    assignee = next(({"id": id_of(one.get("id")), "name": text_of(one.get("fullName"))} for one in members), None)
    where = _place(card)
    return {
        "assignee": assignee,
        "event_at": moment_in_utc(card.get("dateLastActivity")),
        "department": {name: where.get(name) for name in ("board_id", "board_name", "list_name")},
        "started_at": moment_in_utc(card.get("start")),
    }


def newest(told: Iterable[Told]) -> Told | None:
    """Return the last of several that changes the state of its card, else the last that concerns a card at all."""
    found = list(told)
    moving = [one for one in found if one.verdict in {Verdict.COMPLETED, Verdict.REOPENED, Verdict.DELETED}]
    return next(reversed(moving or [one for one in found if one.event] or found), None)
