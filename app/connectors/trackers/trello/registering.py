"""The connection as Trello has it: the credentials tried, the hook registered, looked after and switched on again."""

from collections.abc import Mapping
from typing import Any

from app.connectors.connector import HookHealth, Tool
from app.connectors.lenient import id_of, inside, objects, text_of
from app.connectors.trackers.trello.calling import MEMBERS_PACE, board_of, call, cannot_see_board, name_of
from app.connectors.trackers.trello.rules import Mode, rules_of
from app.foundations.http import Refused, Trouble
from app.foundations.languages import gettext

_EXISTS = b"already exists"
_UNKNOWN = frozenset({400, 401, 403, 404})  # the hook is gone, or belongs to the token that was set before this one


def check(tool: Tool) -> str:
    """Try the credentials, the board and the rule of completion; return whose and which they are. Raises Trouble."""
    board, rules = _board(tool), rules_of(tool.settings)
    lists = {id_of(one.get("id")) or "": text_of(one.get("name")) or "" for one in objects(board.get("lists"))}
    if rules.unknown:
        names = ", ".join(Mode)
        raise Trouble(gettext("mode '%(mode)s' is none of %(modes)s", mode=", ".join(rules.unknown)[:80], modes=names))
    if Mode.LIST in rules.modes and (not rules.done_lists or rules.done_lists - set(lists)):
        known = "; ".join(f"{name} = {identifier}" for identifier, name in lists.items())
        raise Trouble(gettext("done_list_ids must name lists of the board. It has: %(lists)s", lists=known))
    done = [lists[one] for one in sorted(rules.done_lists)] if Mode.LIST in rules.modes else []
    named = ", ".join([*done, *sorted(rules.modes - {Mode.LIST})])
    name = text_of(board.get("name")) or "?"
    return gettext(
        "Trello: %(user)s sees the board %(board)s; done by: %(rule)s", user=name_of(tool), board=name, rule=named
    )


def _board(tool: Tool) -> Mapping[str, Any]:
    options = {"fields": "name", "lists": "all", "list_fields": "name"}
    try:
        found = call(tool, "GET", f"/1/boards/{board_of(tool)}", params=options).json()
    except Refused as refused:
        raise cannot_see_board(refused) from None
    return found if isinstance(found, dict) else {}


def register(tool: Tool, our_address: str, _secret: str) -> Mapping[str, Any]:
    """Create the hook, or adopt the one that an earlier attempt created. Trello tries our address with HEAD first."""
    board = id_of(_board(tool).get("id")) or board_of(tool)
    wanted = {"idModel": board, "callbackURL": our_address, "description": "Parity"}
    try:
        made = call(tool, "POST", "/1/webhooks", json=wanted).json()
    except Refused as refused:
        if _EXISTS not in refused.body:
            sentence = gettext(
                "Trello did not take the address of our hook: it must answer from the internet, over https and with a"
                " certificate that everybody accepts (PARITY_BASE_URL)"
            )
            raise Trouble(sentence) from None
        made = _find(tool, board, our_address)
    identifier = id_of(inside(made, "id"))
    if identifier is None:
        raise Trouble(gettext("Trello did not say how it calls our hook: register it once more"))
    return {"id": identifier, "board_id": board_of(tool)}


def _find(tool: Tool, board: str, our_address: str) -> object:
    """Return our hook among those of the token. The list by token would have the token in its address."""
    options = {"webhooks": "true", "fields": "identifier"}
    found = call(tool, "GET", "/1/members/me/tokens", params=options, pace=MEMBERS_PACE).json()
    hooks = (hook for token in objects(found) for hook in objects(token.get("webhooks")))
    ours = {"idModel": board, "callbackURL": our_address}
    return next((hook for hook in hooks if all(hook.get(name) == value for name, value in ours.items())), None)


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """See whether the hook lives; switch it on again where Trello switched it off."""
    path = f"/1/webhooks/{id_of(registration.get('id')) or '-'}"
    try:
        found = call(tool, "GET", path).json()
        if not _is_ours(tool, registration, found):
            call(tool, "DELETE", path)
            return HookHealth(
                is_alive=False, is_gone=True, problem=gettext("the hook was for another address or board")
            )
        if inside(found, "active") is not True:
            found = call(tool, "PUT", path, json={"active": True}, repeatable=True).json()
    except Refused as refused:
        if refused.status not in _UNKNOWN:
            raise
        return HookHealth(is_alive=False, is_gone=True, problem=gettext("Trello does not have the hook any more"))
    return _health(found)


def _is_ours(tool: Tool, registration: Mapping[str, Any], found: object) -> bool:
    is_same_board = registration.get("board_id") == board_of(tool)
    return is_same_board and inside(found, "callbackURL") == tool.settings.get("callback_url")


def _health(found: object) -> HookHealth:
    failures = inside(found, "consecutiveFailures")
    if inside(found, "active") is not True:
        return HookHealth(is_alive=False, problem=gettext("Trello switched the hook off and does not switch it on"))
    if isinstance(failures, int) and failures > 0:
        since = text_of(inside(found, "firstConsecutiveFailDate")) or "?"
        sentence = gettext(
            "the last %(count)s deliveries of Trello failed, since %(since)s: does our address answer?",
            count=failures,
            since=since,
        )
        return HookHealth(is_alive=False, problem=sentence)
    return HookHealth(is_alive=True)
