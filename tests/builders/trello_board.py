"""A board of Trello as its API shows it, on the fixture `vendor`: cards, their actions, the hook that is called."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.vendor import Asked, Reply, Vendor

BOARD = "5f0000000000000000000b0a"
TODO, DOING, DONE = ("5f00000000000000000000a1", "5f00000000000000000000a2", "5f00000000000000000000a3")
LISTS = {TODO: "To do", DOING: "Doing", DONE: "Done ✅"}
ALICE, WORKER = ("5e0000000000000000000001", "5e0000000000000000000002")
MEMBERS = {ALICE: ("Alice Ковальская", "alice_k"), WORKER: ("Walter Worker", "walter")}
HOOK = "5d0000000000000000000001"
SECRET = "the secret beside the API key"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def card_id(number: int, at: datetime) -> str:
    """An id as Trello makes them: the second of its making, then a counter."""
    return f"{int(at.timestamp()):08x}{number:016x}"


@dataclass
class TrelloBoard:
    """The state behind the API. `calls_hook` off is an outage: nothing is delivered."""

    vendor: Vendor
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)  # the oldest first
    hook: dict[str, Any] | None = None
    calls_hook: bool = True
    answers: list[int] = field(default_factory=list)  # of our hook

    def __post_init__(self) -> None:
        answer = self.vendor.answer
        answer("GET", "/1/members/me", Reply({"id": WORKER, "username": "walter", "fullName": "Walter Worker"}))
        lists = [{"id": identifier, "name": name} for identifier, name in LISTS.items()]
        answer("GET", f"/1/boards/{BOARD}", Reply({"id": BOARD, "name": "Service desk", "lists": lists}))
        answer("GET", f"/1/boards/{BOARD}/actions", self._list_actions)
        answer("GET", "/1/cards/[0-9a-f]+", self._show_card)
        answer("POST", "/1/webhooks", self._create_hook)
        answer("GET", "/1/members/me/tokens", lambda _: Reply([{"webhooks": [self.hook] if self.hook else []}]))
        answer("GET", "/1/webhooks/.*", lambda _: Reply(self.hook) if self.hook else Reply("not found", status=404))
        answer("PUT", "/1/webhooks/.*", self._change_hook)
        answer("DELETE", "/1/webhooks/.*", self._delete_hook)

    def create(self, number: int, name: str, at: datetime, *, by: str = ALICE, where: str = TODO, **more: Any) -> str:
        identifier = card_id(number, at)
        self.cards[identifier] = {
            "id": identifier,
            "name": name,
            "desc": "",
            "idBoard": BOARD,
            "idList": where,
            "due": None,
            "start": None,
            "dueComplete": False,
            "closed": False,
            "labels": [],
            "idMembers": [],
            "shortLink": f"short{number}",
            "customFieldItems": [],
        } | more
        self._act("createCard", identifier, at, by=by, list=_list(where))
        return identifier

    def move(self, card: str, where: str, at: datetime, *, by: str = WORKER) -> None:
        before = self.cards[card]["idList"]
        self.cards[card]["idList"] = where
        lists = {"listBefore": _list(before), "listAfter": _list(where)}
        self._act("updateCard", card, at, by=by, old={"idList": before}, changed={"idList": where}, **lists)

    def change(self, card: str, at: datetime, *, by: str = WORKER, **values: Any) -> None:
        old = {name: self.cards[card][name] for name in values}
        self.cards[card] |= values
        self._act("updateCard", card, at, by=by, old=old, changed=values, list=_list(self.cards[card]["idList"]))

    def delete(self, card: str, at: datetime) -> None:
        self._act("deleteCard", card, at, by=WORKER)
        del self.cards[card]

    def body(self, action: Mapping[str, Any]) -> bytes:
        """The delivery of an action."""
        return json.dumps({"model": {"id": BOARD, "name": "Service desk"}, "action": action}).encode()

    def _act(
        self, kind: str, card: str, at: datetime, *, by: str, changed: Mapping[str, Any] | None = None, **data: Any
    ) -> None:
        found = self.cards[card]
        shown = {name: found[name] for name in ("id", "name", "shortLink")} | dict(changed or {})
        name, user = MEMBERS[by]
        action = {
            "id": f"{int(at.timestamp()):08x}{len(self.actions) + 1:016x}",
            "idMemberCreator": by,
            "type": kind,
            "date": _iso(at),
            "data": {"board": {"id": BOARD, "name": "Service desk"}, "card": shown, **data},
            "memberCreator": {"id": by, "fullName": name, "username": user},
        }
        found["dateLastActivity"] = _iso(at)
        self.actions.append(action)
        if self.hook and self.hook["active"] and self.calls_hook:
            self.answers.append(self.deliver(self.body(action)))

    def deliver(self, body: bytes) -> int:
        """Call our hook as Trello does; return the status."""
        assert self.hook is not None
        address = self.hook["callbackURL"]
        digest = hmac.digest(SECRET.encode(), body + address.encode(), hashlib.sha1)
        headers = {"X-Trello-Webhook": base64.b64encode(digest).decode(), "Content-Type": "application/json"}
        return _status(urllib.request.Request(address, body, headers))

    def _list_actions(self, asked: Asked) -> Reply:
        since, before = asked.one("since"), asked.one("before")
        kinds = {one.split(":")[0] for one in asked.one("filter").split(",")}
        found = [one for one in reversed(self.actions) if one["type"] in kinds and one["date"] > since]
        if before in {one["id"] for one in found}:
            found = found[[one["id"] for one in found].index(before) + 1 :]
        elif before:
            found = [one for one in found if one["date"] < before]
        return Reply(found[: int(asked.one("limit"))])

    def _show_card(self, asked: Asked) -> Reply:
        card = self.cards.get(asked.path.rsplit("/", 1)[1])
        if card is None:
            return Reply("The requested resource was not found.", status=404)
        kinds = asked.one("actions").split(",")
        history = [one for one in self.actions if one["data"]["card"]["id"] == card["id"] and one["type"] in kinds]
        where = {"list": _list(card["idList"]), "board": {"id": BOARD, "name": "Service desk"}}
        return Reply(card | where | {"actions": history[::-1], "members": []})

    def _create_hook(self, asked: Asked) -> Reply:
        wanted = asked.json()
        if self.hook is not None:
            return Reply({"message": "A webhook with that callback, model, and token already exists"}, status=400)
        if _status(urllib.request.Request(wanted["callbackURL"], method="HEAD")) != 200:
            return Reply({"message": "URL did not return 200 status code"}, status=400)
        self.hook = wanted | {
            "id": HOOK,
            "active": True,
            "consecutiveFailures": 0,
            "firstConsecutiveFailDate": None,
        }
        return Reply(self.hook)

    def _change_hook(self, asked: Asked) -> Reply:
        assert self.hook is not None
        self.hook |= asked.json()
        return Reply(self.hook)

    def _delete_hook(self, _asked: Asked) -> Reply:
        self.hook = None
        return Reply({"_value": None})


def _list(identifier: str) -> dict[str, str]:
    return {"id": identifier, "name": LISTS[identifier]}


def _status(call: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(call, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
