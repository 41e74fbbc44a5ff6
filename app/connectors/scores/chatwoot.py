"""Chatwoot: one rating of 1 to 5 for a conversation, by hook and by poll (docs/connectors/chatwoot.md)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.connectors.connector import Connector, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.json_body import parse_json
from app.connectors.lenient import address_of, id_of, inside, instant_of, objects, text_of
from app.connectors.score_mapping import (
    LONGEST_COMMENT,
    NO_ANSWER,
    PLACE_SETTINGS,
    SURVEYS,
    UNSIGNED,
    Answer,
    Response,
    as_polled,
    conclude,
    conclude_list,
    nothing,
)
from app.connectors.signatures import body_hash, is_unsigned_by_choice, require_hmac
from app.connectors.standard_webhooks import TOLERANCE
from app.domain.states import ConnectionSide
from app.foundations.http import Pace
from app.foundations.languages import gettext, mark

PACE = Pace(per_second=2, burst=10)  # somebody's own server, or one shared with others: no limit is documented
EDITABLE = timedelta(days=14)  # how long a customer may change the rating
POLL_EVERY = timedelta(hours=1)
OTHER = mark("this is no answer to a satisfaction survey")


def verify(hook: Hook) -> None:
    """Accept `sha256=` + hex HMAC-SHA-256 over `timestamp.body`. Raises WrongSignature."""
    if is_unsigned_by_choice(hook):
        return
    stamp = hook.headers.get("x-chatwoot-timestamp", "").encode("utf-8", "surrogateescape")
    offered = hook.headers.get("x-chatwoot-signature", "").removeprefix("sha256=")
    require_hmac(hook.secrets, stamp + b"." + hook.body, offered)


def judge_age(hook: Hook) -> None:
    """Refuse what was signed more than five minutes before or after its arrival. Raises WrongSignature."""
    sent_at = _sent_at(hook)
    if not is_unsigned_by_choice(hook) and (sent_at is None or abs(hook.received_at - sent_at) > TOLERANCE):
        raise WrongSignature(gettext("X-Chatwoot-Timestamp lies more than five minutes away"))


def delivery_key(hook: Hook) -> str:
    """Return Chatwoot's id of the delivery; older versions give none."""
    return text_of(hook.headers.get("x-chatwoot-delivery"), 100) or body_hash(hook.body)


def _sent_at(hook: Hook) -> datetime | None:
    return instant_of(hook.headers.get("x-chatwoot-timestamp"))


def read(hook: Hook) -> Conclusion:
    """Return what a message, or an answer of the API, tells. Raises UnreadableBody."""
    body = parse_json(hook.fetched if hook.fetched is not None else hook.body)
    if isinstance(body, Mapping) and isinstance(body.get("payload"), list):
        body = body["payload"]
    if isinstance(body, list):
        found = (_listed(one, hook.received_at) for one in objects(body))
        return conclude_list(hook.settings, found)
    if not isinstance(body, Mapping):
        raise UnreadableBody(gettext("the body is JSON, but not an object"))
    listed = _listed(body, hook.received_at)
    if listed is not None and "event" not in body:
        return conclude(hook.settings, listed)
    return _of_a_message(hook, body)


def _of_a_message(hook: Hook, body: Mapping[str, Any]) -> Conclusion:
    if isinstance(body.get("messages"), list):
        return _of_a_conversation(hook, body)
    message = id_of(body.get("id"))
    if text_of(body.get("content_type")) != "input_csat" or message is None:
        return nothing(Verdict.IGNORED, OTHER)
    told = inside(body, "content_attributes", "submitted_values", "csat_survey_response")
    if inside(told, "rating") is None:
        return nothing(Verdict.NO_SCORE, NO_ANSWER)
    given_at = instant_of(body.get("updated_at")) or _sent_at(hook)
    sender = inside(body, "conversation", "meta", "sender")
    contact = sender if isinstance(sender, Mapping) else inside(body, "conversation", "contact")
    response = Response(
        identifier=message,
        told_at=given_at or hook.received_at,
        answered_at=given_at or instant_of(body.get("created_at")) or hook.received_at,
        answers=(Answer(raw=inside(told, "rating")),),
        survey=_inbox(body),
        respondent=id_of(inside(contact, "id")),
        comment=text_of(inside(told, "feedback_message"), LONGEST_COMMENT),
    )
    details = {"event_type": text_of(body.get("event")), "requester": _person(contact)}
    return conclude(hook.settings, response, **details)


def _of_a_conversation(hook: Hook, body: Mapping[str, Any]) -> Conclusion:
    """Read the survey among the messages that an event of a conversation carries."""
    surveys = [one for one in objects(body["messages"]) if text_of(one.get("content_type")) == "input_csat"]
    if not surveys:
        return nothing(Verdict.IGNORED, OTHER)
    return _of_a_message(hook, {**surveys[-1], "event": body.get("event"), "conversation": body, "messages": None})


def _inbox(body: Mapping[str, Any]) -> str | None:
    return id_of(inside(body, "inbox", "id")) or id_of(inside(body, "conversation", "inbox_id"))


def _person(contact: object) -> dict[str, str | None] | None:
    key, email = id_of(inside(contact, "id")), address_of(inside(contact, "email"))
    return {"id": key, "name": text_of(inside(contact, "name")), "email": email} if key else None


def _listed(one: Mapping[str, Any], seen_at: datetime) -> Response | None:
    """Return one row of `csat_survey_responses`, told as it is seen; None for what is none."""
    message = id_of(one.get("message_id"))
    if message is None or "rating" not in one:
        return None
    return Response(
        identifier=message,
        told_at=seen_at,
        answered_at=instant_of(one.get("created_at")) or seen_at,
        answers=(Answer(raw=one.get("rating")),),
        respondent=id_of(inside(one.get("contact"), "id")),
        comment=text_of(one.get("feedback_message"), LONGEST_COMMENT),
    )


def _get(tool: Tool, path: str, **params: Any) -> Any:
    base = str(tool.settings["base_url"]).rstrip("/")
    token = str(tool.settings["api_token"])
    account = id_of(tool.settings["account"]) or ""
    address = f"{base}/api/v1/accounts/{account}{path}"
    headers = {"api_access_token": token}
    return tool.http.get(address, params=params, headers=headers, pace=PACE, account=token[-6:]).json()


def check(tool: Tool) -> str:
    """Say that the token reads the ratings of the account. Raises Trouble."""
    found = _get(tool, "/csat_survey_responses/metrics")
    count = inside(found, "total_count")
    return gettext("Chatwoot shows us the ratings of this account, %(count)s so far", count=text_of(count) or "0")


def poll(tool: Tool, _cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Tell every rating given since a moment, and those of the two weeks before, which may have changed.

    Pages are counted, newest first, so that a poll that was broken off begins anew.
    """
    start, until = int((since - EDITABLE).timestamp()), int(tool.now.timestamp())
    number, before = 1, None
    while True:
        found = _get(tool, "/csat_survey_responses", since=start, until=until, page=number)
        rows = list(objects(found if isinstance(found, list) else inside(found, "payload")))
        if not rows or rows == before:
            return
        told = (_listed(row, tool.now) for row in rows)
        yield Page(cursor={}, scores=as_polled(tool.settings, told))
        number, before = number + 1, rows


CONNECTOR = Connector(
    kind="chatwoot",
    side=ConnectionSide.SCORES,
    settings=(
        *PLACE_SETTINGS,
        SURVEYS,
        Setting(name="base_url", meaning=mark("the server's address: https://app.chatwoot.com"), needed=True),
        Setting(name="account", meaning=mark("the number of the account, from the address of its pages"), needed=True),
        Setting(name="api_token", meaning=mark("an administrator's access token"), needed=True, secret=True),
        Setting(name="secret", meaning=mark("the webhook's secret"), signs=True),
        UNSIGNED,
    ),
    read=read,
    verify=verify,
    judge_age=judge_age,
    delivery_key=delivery_key,
    check=check,
    poll=poll,
    poll_every=POLL_EVERY,
    is_hook_extra=True,
)
