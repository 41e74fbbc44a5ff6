"""Zendesk: legacy satisfaction ratings and the answers of CSAT surveys, by poll (docs/connectors/zendesk.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.connectors.connector import Connector, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import parse_object
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.score_mapping import (
    GIVEN,
    LONGEST_COMMENT,
    NO_ANSWER,
    PLACE_SETTINGS,
    QUESTIONS,
    SURVEYS,
    Answer,
    Response,
    as_polled,
    conclude,
    conclude_list,
    nothing,
    number_of,
)
from app.connectors.signatures import body_hash, require_hmac
from app.domain.states import ConnectionSide
from app.foundations.http import Answer as HttpAnswer
from app.foundations.http import Pace, Refused, Trouble
from app.foundations.languages import gettext, mark

PACE = Pace(per_second=3, burst=10)  # documented: 200 to 700 calls a minute, by plan, for all of an account's apps
PAGE_SIZE = 100
CHANGEABLE = timedelta(days=7)  # what was answered earlier is not asked for again
POLL_EVERY = timedelta(hours=1)
LEGACY, SURVEY = "legacy", "survey"
THUMBS = {"good": 1, "good_with_comment": 1, "bad": 0, "bad_with_comment": 0}
OFFERS = frozenset({"offered", "unoffered"})
EVENT = "zen:event-type:"
RECEIVED, REQUESTED = f"{EVENT}ticket.csat_received", f"{EVENT}ticket.csat_requested"
OTHER = mark("this is no rating of a customer")
BY_POLL = mark("the event tells good or bad only: the answers to the survey come by poll")

Row = Mapping[str, Any]


def verify(hook: Hook) -> None:
    """Accept base64 HMAC-SHA-256 over timestamp and body, as Zendesk's webhooks sign. Raises WrongSignature."""
    stamp = hook.headers.get("x-zendesk-webhook-signature-timestamp", "").encode("utf-8", "surrogateescape")
    require_hmac(hook.secrets, stamp + hook.body, hook.headers.get("x-zendesk-webhook-signature"), written="base64")


def delivery_key(hook: Hook) -> str:
    """Return the hash of the body: a rating told again in the same words changes nothing."""
    return body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return what an answer of the API tells, or a webhook with such a body. Raises UnreadableBody."""
    body = parse_object(hook.body if hook.fetched is None else hook.fetched)
    settings, seen_at = _with_thumbs(hook.settings), hook.received_at
    for name, one in (("satisfaction_ratings", _rated), ("survey_responses", _surveyed)):
        if isinstance(body.get(name), list):
            return conclude_list(settings, (one(row, seen_at) for row in objects(body[name])))
    if (text_of(body.get("type")) or "").startswith(EVENT):
        return _of_an_event(hook, body)
    if isinstance(body.get("ticket"), Mapping) and "satisfaction_rating" in body["ticket"]:
        return _of_a_ticket(hook, body["ticket"])
    rating, survey = body.get("satisfaction_rating"), body.get("survey_response")
    if isinstance(rating, Mapping) or ("score" in body and "ticket_id" in body):
        told = rating if isinstance(rating, Mapping) else body
        return _concluded(settings, _rated(told, seen_at), is_offer=_is_offer(told))
    if isinstance(survey, Mapping) or "answers" in body:
        told = survey if isinstance(survey, Mapping) else body
        return _concluded(settings, _surveyed(told, seen_at), is_offer=False)
    return nothing(Verdict.IGNORED, OTHER)


def _of_an_event(hook: Hook, body: Row) -> Conclusion:
    """Judge an event of a ticket. It names no rating, and polls tell the same one: the ticket is asked for it."""
    kind, ticket, requester = body.get("type"), body.get("detail"), id_of(inside(body, "detail", "requester_id"))
    details = {
        "event_type": text_of(kind),
        "event_id": text_of(body.get("id")),
        "event_at": moment_in_utc(body.get("time")),
        "requester": {"id": requester, "name": None, "email": None} if requester else None,
    }
    number, settings = id_of(inside(ticket, "id")), _with_thumbs(hook.settings)
    score = number_of(settings, inside(body, "event", "satisfaction_score", "score"))
    verdict, why = Verdict.SCORE, GIVEN
    if kind == REQUESTED or (kind == RECEIVED and score is None):
        verdict, why = Verdict.NO_SCORE, NO_ANSWER
    elif kind != RECEIVED or number is None:
        verdict, why = Verdict.IGNORED, OTHER
    elif text_of(settings.get("csat")) == SURVEY:
        verdict, why = Verdict.NO_SCORE, BY_POLL
    if verdict is not Verdict.SCORE or number is None:
        return replace(nothing(verdict, why), details={**details, "external_id": number})
    told = {**details, "external_id": number, "score": score}
    return Conclusion(verdict=verdict, why=gettext(why), fetch=(number,), details=told)


def _of_a_ticket(hook: Hook, ticket: Row) -> Conclusion:
    """Return the rating that a ticket holds, as old as the event that led to it: the ticket does not say when."""
    rating = ticket.get("satisfaction_rating")
    event = parse_object(hook.body) if hook.body and hook.fetched is not None else {}
    seen_at = moment_in_utc(event.get("time")) or moment_in_utc(ticket.get("updated_at")) or hook.received_at
    if not isinstance(rating, Mapping):
        return nothing(Verdict.NO_SCORE, NO_ANSWER)
    told = {"requester_id": ticket.get("requester_id"), **rating}
    return _concluded(_with_thumbs(hook.settings), _rated(told, seen_at), is_offer=_is_offer(told))


def _concluded(settings: Mapping[str, Any], response: Response | None, *, is_offer: bool) -> Conclusion:
    if response is None:
        return nothing(Verdict.NO_SCORE, NO_ANSWER) if is_offer else nothing(Verdict.IGNORED, OTHER)
    return conclude(settings, response)


def _with_thumbs(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return settings in which good and bad are points, unless the administrator says which."""
    return settings if isinstance(settings.get("values"), Mapping) else {**settings, "values": THUMBS}


def _is_offer(row: Row) -> bool:
    return (text_of(row.get("score")) or "").casefold() in OFFERS


def _rated(row: Row, seen_at: datetime) -> Response | None:
    """Return a legacy rating; None for an offer, and for what has no id."""
    identifier = id_of(row.get("id"))
    if identifier is None or "score" not in row or _is_offer(row):
        return None
    answered_at = moment_in_utc(row.get("created_at"))
    comment = row.get("comment")
    return Response(
        identifier=identifier,
        told_at=moment_in_utc(row.get("updated_at")) or answered_at or seen_at,
        answered_at=answered_at or seen_at,
        answers=(Answer(raw=row.get("score")),),
        respondent=id_of(row.get("requester_id")),
        comment=text_of(inside(comment, "body") if isinstance(comment, Mapping) else comment, LONGEST_COMMENT),
    )


def _surveyed(row: Row, seen_at: datetime) -> Response | None:
    """Return the answers to a survey: the rating, and what was written beside it."""
    identifier, given = id_of(row.get("id")), list(objects(row.get("answers")))
    if identifier is None:
        return None
    ratings = [one for one in given if text_of(one.get("type")) == "rating_scale"]
    written = [_comment(one) for one in given if text_of(one.get("type")) == "open_ended"]
    made = [moment for one in given if (moment := moment_in_utc(one.get("created_at")))]
    changed = [moment for one in given if (moment := moment_in_utc(one.get("updated_at")))]
    return Response(
        identifier=identifier,
        told_at=max([*made, *changed], default=seen_at),
        answered_at=min(made, default=seen_at),
        answers=tuple(Answer(raw=one.get("rating"), names=_names(one)) for one in ratings),
        survey=id_of(inside(row.get("survey"), "id")) or id_of(row.get("survey_id")),
        respondent=id_of(row.get("responder_id")),
        comment=text_of("\n".join(filter(None, written)), LONGEST_COMMENT),
    )


def _comment(one: Row) -> str | None:
    value = one.get("value")
    return text_of(inside(value, "text") if isinstance(value, Mapping) else value, LONGEST_COMMENT)


def _names(one: Row) -> tuple[str, ...]:
    identifier = id_of(inside(one.get("question"), "id"))
    return () if identifier is None else (identifier,)


def _get(tool: Tool, path: str, **params: Any) -> Any:
    return _call(tool, path, **params).json()


def _call(tool: Tool, path: str, **params: Any) -> HttpAnswer:
    base, token = str(tool.settings["base_url"]).rstrip("/"), str(tool.settings["api_token"])
    login = (f"{tool.settings['email']}/token", token)
    return tool.http.call("GET", f"{base}/api/v2{path}", params=params, auth=login, pace=PACE)


def fetch(tool: Tool, ticket: str) -> bytes | None:
    """Return the ticket with its rating; None where it is gone. Raises Trouble."""
    try:
        return _call(tool, f"/tickets/{ticket}.json").body
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def _system(tool: Tool) -> str:
    found = text_of(tool.settings.get("csat")) or ""
    if found not in {LEGACY, SURVEY}:
        raise Trouble(gettext("csat is '%(value)s': set it to legacy or survey", value=found[:80]))
    return found


def check(tool: Tool) -> str:
    """Say whose token this is, and that it reads the ratings. Raises Trouble."""
    _page(tool, _system(tool), tool.now, None)
    name = text_of(inside(_get(tool, "/users/me.json"), "user", "name"))
    return gettext("Zendesk knows us: %(name)s", name=name or "?")


def _page(tool: Tool, system: str, start: datetime, after: str | None) -> Any:
    params: dict[str, Any] = {"page[size]": PAGE_SIZE} | ({"page[after]": after} if after else {})
    if system == LEGACY:
        wanted = {"score": "received", "start_time": int(start.timestamp())}
        return _get(tool, "/satisfaction_ratings.json", **params, **wanted)
    milliseconds = int(start.timestamp()) * 1000
    return _get(tool, "/guide/survey_responses", **params, **{"filter[created_at_start]": milliseconds})


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Tell every rating since a moment, and those of the week before, which may have changed.

    A place to go on from that Zendesk does not know any more sends the poll back to its beginning.
    """
    system = _system(tool)
    name, one = ("satisfaction_ratings", _rated) if system == LEGACY else ("survey_responses", _surveyed)
    settings, start = _with_thumbs(tool.settings), since - CHANGEABLE
    after, is_resumed = text_of((cursor or {}).get("after")), True
    while True:
        try:
            found = _page(tool, system, start, after)
        except Refused as refused:
            if not (is_resumed and after and refused.status in {400, 404, 410, 422}):
                raise
            after, is_resumed = None, False
            continue
        following = text_of(inside(found, "meta", "after_cursor"))
        is_last = inside(found, "meta", "has_more") is not True or following in {None, after}
        told = (one(row, tool.now) for row in objects(inside(found, name)))
        yield Page(cursor={} if is_last else {"after": following}, scores=as_polled(settings, told))
        if is_last:
            return
        after, is_resumed = following, False


CONNECTOR = Connector(
    kind="zendesk",
    side=ConnectionSide.SCORES,
    settings=(
        *PLACE_SETTINGS,
        SURVEYS,
        QUESTIONS,
        Setting(name="csat", meaning=mark("legacy (good and bad) or survey: an account has one of them"), needed=True),
        Setting(name="base_url", meaning=mark("the account's address: https://company.zendesk.com"), needed=True),
        Setting(name="email", meaning=mark("the administrator whose API token it is"), needed=True),
        Setting(name="api_token", meaning=mark("an API token"), needed=True, secret=True),
        Setting(name="secret", meaning=mark("the webhook's secret"), signs=True),
    ),
    read=read,
    verify=verify,
    delivery_key=delivery_key,
    check=check,
    fetch=fetch,
    poll=poll,
    poll_every=POLL_EVERY,
    is_hook_extra=True,
)
