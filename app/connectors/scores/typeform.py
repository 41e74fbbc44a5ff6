"""Typeform: answers of one form by hook and by poll; no body tells a scale (docs/connectors/typeform.md)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.connectors.connector import Connector, HookHealth, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import parse_object
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.score_mapping import (
    LONGEST_COMMENT,
    PARTIAL,
    PLACE_SETTINGS,
    QUESTIONS,
    Answer,
    Response,
    as_polled,
    conclude,
    conclude_list,
    nothing,
)
from app.connectors.signatures import body_hash, make_secret, require_hmac
from app.domain.states import ConnectionSide
from app.foundations.http import Answer as HttpAnswer
from app.foundations.http import Pace, Refused
from app.foundations.languages import gettext, mark

HOME = "https://api.typeform.com"
PACE = Pace(per_second=2, burst=2)  # documented: two calls a second and account
PAGE_SIZE = 200
TAG = "parity"
RATINGS = frozenset({"opinion_scale", "rating", "nps"})
UNSUBMITTED = frozenset({"partial", "started"})  # types of responses of the API
NEVER = "0001-01-01"  # the day on which a response was submitted that never was
OTHER = mark("this is no response to a form")


def verify(hook: Hook) -> None:
    """Accept `sha256=` + base64 HMAC-SHA-256 over the body. Raises WrongSignature."""
    offered = hook.headers.get("typeform-signature", "").removeprefix("sha256=")
    require_hmac(hook.secrets, hook.body, offered, written="base64")


def delivery_key(hook: Hook) -> str:
    """Return the hash of the body: the same event is delivered with the same bytes."""
    return body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, or an answer of the API, tells. Raises UnreadableBody."""
    body = parse_object(hook.body if hook.fetched is None else hook.fetched)
    if isinstance(body.get("items"), list):
        whole = (one for one in objects(body["items"]) if _is_submitted(one))
        found = (_response(hook.settings, one, hook.received_at) for one in whole)
        return conclude_list(hook.settings, found)
    kind = text_of(body.get("event_type"))
    if kind == "form_response_partial":
        return nothing(Verdict.NO_SCORE, PARTIAL)
    told = body.get("form_response") if "event_type" in body else body
    response = _response(hook.settings, told, hook.received_at) if isinstance(told, Mapping) else None
    if response is None or kind not in {"form_response", None}:
        return nothing(Verdict.IGNORED, OTHER)
    if isinstance(told, Mapping) and not _is_submitted(told):
        return nothing(Verdict.NO_SCORE, PARTIAL)
    return conclude(hook.settings, response, event_id=text_of(body.get("event_id")), event_type=kind)


def _is_submitted(told: Mapping[str, Any]) -> bool:
    at = text_of(told.get("submitted_at")) or ""
    return text_of(told.get("response_type")) not in UNSUBMITTED and not at.startswith(NEVER)


def _response(settings: Mapping[str, Any], told: Mapping[str, Any], seen_at: datetime) -> Response | None:
    """Return a submitted response; None for what has no token or was never submitted."""
    identifier = id_of(told.get("token")) or id_of(told.get("response_id"))
    given = list(objects(told.get("answers")))
    if identifier is None or not ("answers" in told or "submitted_at" in told):
        return None
    at = moment_in_utc(told.get("submitted_at")) or seen_at
    named = text_of(settings.get("respondent_field"))
    commented = text_of(settings.get("comment_question"))
    comments = [text_of(one.get("text"), LONGEST_COMMENT) for one in given if commented in _names(one)]
    return Response(
        identifier=identifier,
        told_at=at,
        answered_at=at,
        answers=tuple(_answer(one) for one in given),
        respondent=text_of(inside(told.get("hidden"), named)) if named else None,
        comment=next(filter(None, comments), None),
    )


def _answer(one: Mapping[str, Any]) -> Answer:
    """Return one answer: its number, else the label of its choice, else yes or no."""
    chosen = inside(one.get("choice"), "label")
    raw = next((found for found in (one.get("number"), chosen, one.get("boolean")) if found is not None), None)
    return Answer(raw=raw, names=_names(one), is_rating=text_of(inside(one.get("field"), "type")) in RATINGS)


def _names(one: Mapping[str, Any]) -> tuple[str, ...]:
    found = (text_of(inside(one.get("field"), name), 255) for name in ("id", "ref"))
    return tuple(name for name in found if name is not None)


def _call(tool: Tool, method: str, path: str, **options: Any) -> HttpAnswer:
    token, form = str(tool.settings["token"]), id_of(tool.settings["form"]) or ""
    base = str(tool.settings.get("base_url", HOME)).rstrip("/")
    headers = {"Authorization": f"Bearer {token}"}
    return tool.http.call(
        method, f"{base}/forms/{form}{path}", headers=headers, pace=PACE, account=token[-6:], **options
    )


def check(tool: Tool) -> str:
    """Say which form the token reads. Raises Trouble."""
    found = _call(tool, "GET", "").json()
    return gettext("Typeform shows us the form %(name)s", name=text_of(inside(found, "title")) or "?")


def register(tool: Tool, address: str, secret: str) -> Mapping[str, Any]:
    """Create the form's hook, or give the one of an earlier time its new address and secret. Raises Trouble."""
    wanted = {"url": address, "secret": secret, "enabled": True, "verify_ssl": True}
    _call(tool, "PUT", f"/webhooks/{TAG}", json=wanted, repeatable=True)
    return {"tag": TAG}


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """Ask whether the hook is there and enabled: an answer of 404 or 410 switches it off. Raises Trouble."""
    try:
        found = _call(tool, "GET", f"/webhooks/{registration.get('tag', TAG)}").json()
    except Refused as refused:
        if refused.status != 404:
            raise
        return HookHealth(is_alive=False, problem=gettext("the tool does not know the hook any more."), is_gone=True)
    if inside(found, "enabled") is not True:
        return HookHealth(is_alive=False, problem=gettext("the hook is switched off in the tool"))
    return HookHealth(is_alive=True)


def poll(tool: Tool, _cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Tell every response submitted since a moment; the API pages from the newest back, so none is a place to go on."""
    start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    before: str | None = None
    while True:
        params = {"since": start, "page_size": PAGE_SIZE, "completed": "true"} | ({"before": before} if before else {})
        items = list(objects(inside(_call(tool, "GET", "/responses", params=params).json(), "items")))
        told = (_response(tool.settings, one, tool.now) for one in items if _is_submitted(one))
        yield Page(cursor={}, scores=as_polled(tool.settings, told))
        last = id_of(items[-1].get("token")) if items else None
        if last is None or last == before or len(items) < PAGE_SIZE:
            return
        before = last


CONNECTOR = Connector(
    kind="typeform",
    side=ConnectionSide.SCORES,
    settings=(
        *PLACE_SETTINGS,
        QUESTIONS,
        Setting(name="form", meaning=mark("the id of the form, from its address"), needed=True),
        Setting(name="token", meaning=mark("a personal access token"), needed=True, secret=True),
        Setting(name="comment_question", meaning=mark("the id of the question whose answer is the comment")),
        Setting(name="respondent_field", meaning=mark("the hidden field that tells customers apart")),
        Setting(name="base_url", meaning=mark("the API's address, where it is another")),
        Setting(name="secret", meaning=mark("the hook's secret, where you made the hook yourself"), signs=True),
    ),
    read=read,
    verify=verify,
    delivery_key=delivery_key,
    make_secret=make_secret,
    check=check,
    register=register,
    look_after=look_after,
    poll=poll,
)
