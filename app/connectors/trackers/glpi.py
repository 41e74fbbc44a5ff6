"""GLPI by poll, over apirest.php, which versions 9.1 to 11 have (docs/connectors/glpi.md)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.connectors.answers import Source, explain_rows, page_of, seen_at
from app.connectors.connector import Connector, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook
from app.connectors.lenient import address_of, id_of, inside, moment_of, objects, text_of
from app.connectors.paging import by_change
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations.http import Pace, UnreadableAnswer
from app.foundations.languages import gettext, mark

PACE = Pace(per_second=5, burst=10)
PAGE_SIZE = 50
SOLVED, CLOSED = "5", "6"
# Numbers of GLPI's search options of tickets: what we ask to be told.
ID, NAME, STATUS, OPENED, CLOSED_AT, SOLVED_AT, DUE, CHANGED, REQUESTER, CATEGORY, GROUP = (
    "2 1 12 15 16 17 18 19 4 7 8".split()
)
_NAMES = {
    "id": ID,
    "name": NAME,
    "status": STATUS,
    "date": OPENED,
    "closedate": CLOSED_AT,
    "solvedate": SOLVED_AT,
    "time_to_resolve": DUE,
    "date_mod": CHANGED,
    "itilcategories_id": CATEGORY,
}
SHOWN = (ID, NAME, STATUS, OPENED, CLOSED_AT, SOLVED_AT, DUE, CHANGED, REQUESTER, CATEGORY, GROUP)


@contextmanager
def _session(tool: Tool) -> Iterator[dict[str, str]]:
    """Sign in for one run and sign out after it; yield the headers of calls. Raises Trouble."""
    app = {"App-Token": str(tool.settings["app_token"])}
    found = _call(tool, "/initSession", app | {"Authorization": f"user_token {tool.settings['user_token']}"})
    token = text_of(inside(found, "session_token"))
    if token is None:
        raise UnreadableAnswer(gettext("GLPI opened no session"))
    headers = app | {"Session-Token": token}
    try:
        yield headers
    finally:
        _call(tool, "/killSession", headers)


def _call(tool: Tool, path: str, headers: Mapping[str, str], **params: Any) -> Any:
    base = str(tool.settings["base_url"]).rstrip("/")
    answer = tool.http.get(f"{base}/apirest.php{path}", params=params, headers=headers, pace=PACE)
    return answer.json() if answer.body.strip() else None


def check(tool: Tool) -> str:
    """Say whose session this is. Raises Trouble."""
    with _session(tool) as headers:
        found = _call(tool, "/getFullSession", headers)
    return gettext("GLPI knows us: %(name)s", name=text_of(inside(found, "session", "glpiname")) or "?")


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the default address of the account, or None."""
    with _session(tool) as headers:
        found = list(objects(_call(tool, f"/User/{requester.key}/UserEmail", headers)))
    found.sort(key=lambda one: text_of(one.get("is_default")) != "1")
    address = next(filter(None, (address_of(one.get("email")) for one in found)), None)
    return replace(requester, email=address) if address else None


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield tickets in the order of their last change, open ones too. GLPI's times are those of its own zone."""
    start = text_of((cursor or {}).get("at")) or _written(since, tool)
    with _session(tool) as headers:

        def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
            params: dict[str, Any] = {f"forcedisplay[{place}]": shown for place, shown in enumerate(SHOWN)}
            # `morethan` leaves out the moment itself, so a second before it is asked for.
            params |= {"criteria[0][field]": CHANGED, "criteria[0][searchtype]": "morethan"}
            params |= {"criteria[0][value]": _before(at, tool), "sort": CHANGED, "order": "ASC"}
            found = _call(tool, "/search/Ticket", headers, **params, range=f"{skipped}-{skipped + PAGE_SIZE - 1}")
            return list(objects(inside(found, "data")))

        for rows, following in by_change(ask, lambda row: text_of(row.get(CHANGED)), size=PAGE_SIZE, start=start):
            yield Page(cursor=following, events=tuple(_event(row, tool) for row in rows if id_of(row.get(ID))))


def _before(at: str, tool: Tool) -> str:
    moment = moment_of(at, tool.time_zone)
    return at if moment is None else _written(moment - timedelta(seconds=1), tool)


def _written(moment: datetime, tool: Tool) -> str:
    return moment.astimezone(tool.time_zone).strftime("%Y-%m-%d %H:%M:%S")


def explain(hook: Hook) -> Conclusion:
    """Say what a ticket, or the rows of a search, tells. Raises UnreadableBody."""
    return explain_rows(hook, _rows, lambda row: _event(row, hook))


def _rows(body: object) -> list[Mapping[str, Any]]:
    """Return rows as a search tells them; a ticket read by its number has names in place of the options' numbers."""
    found = inside(body, "data") or inside(body, "item") or inside(body, "input") or body
    rows = list(objects(found if isinstance(found, list) else [found]))
    named = [
        row if ID in row else {_NAMES[name]: value for name, value in row.items() if name in _NAMES} for row in rows
    ]
    return [row for row in named if id_of(row.get(ID)) and row.get(STATUS) is not None]


def _event(row: Mapping[str, Any], tool: Source) -> TrackerEvent:
    zone = tool.time_zone
    told = row.get(STATUS)
    status = text_of(inside(told, "id") if isinstance(told, Mapping) else told, 20)
    is_done = status in {SOLVED, CLOSED}
    is_said = status is not None and status.isdecimal()  # with `expand_dropdowns` it is a word, in anybody's language
    kind = EventKind.COMPLETED if is_done else EventKind.REOPENED if is_said else EventKind.UPDATED
    asked = row.get(REQUESTER)
    asker = id_of(asked[0] if isinstance(asked, list) and asked else asked)
    group = row.get(GROUP)
    named = {
        "group": text_of(group[0] if isinstance(group, list) and group else group, 200),
        "category": text_of(row.get(CATEGORY), 200),
    }
    identifier = id_of(row.get(ID)) or ""
    return TrackerEvent(
        external_id=identifier,
        kind=kind,
        occurred_at=moment_of(row.get(CHANGED), zone) or seen_at(tool),
        given=frozenset({"title", "url", "status", "request_type", "created_at", "due_at", "department"}),
        title=text_of(row.get(NAME)),
        url=page_of(tool, f"/front/ticket.form.php?id={identifier}"),
        request_type=named["category"],
        status=status,
        requester=Requester(key=asker) if asker else None,
        department={name: text for name, text in named.items() if text is not None},
        created_at=moment_of(row.get(OPENED), zone),
        due_at=moment_of(row.get(DUE), zone),
        completed_at=(moment_of(row.get(SOLVED_AT), zone) or moment_of(row.get(CLOSED_AT), zone)) if is_done else None,
    )


CONNECTOR = Connector(
    kind="glpi",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="base_url", meaning=mark("the server's address, before /apirest.php"), needed=True),
        Setting(name="app_token", meaning=mark("the API client's token"), needed=True, secret=True),
        Setting(
            name="user_token",
            meaning=mark("the remote access key of a user who sees all tickets"),
            needed=True,
            secret=True,
        ),
    ),
    explain=explain,
    check=check,
    find_requester=find_requester,
    poll=poll,
)
