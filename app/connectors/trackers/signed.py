"""Any tool that can sign: our own documented body under the Standard Webhooks signature (docs/connectors.md)."""

from collections.abc import Mapping
from typing import Any

from app.connectors.connector import Connector
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import Fields, Unfit, as_address, as_text, parse_object
from app.connectors.standard_webhooks import delivery_key, judge_age, make_secret, signed_at, verify
from app.connectors.verdicts import judged
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, RequesterKind, RequestState, Resolution
from app.foundations.languages import gettext, mark

LONGEST_ID = 200

_TEXTS = {
    "external_key": 200,
    "title": 1000,
    "url": 2000,
    "request_type": 200,
    "status": 200,
    "requester_department": 200,
}
_MOMENTS = ("created_at", "first_response_at", "due_at", "completed_at")
_COUNTS = ("reopened_count", "reassignment_count")


def read(hook: Hook) -> Conclusion:
    """Return what the body tells. Raises UnreadableBody with everything that is wrong with it."""
    body = parse_object(hook.body)
    fields = Fields(body, hook.time_zone)
    event = _event(fields, hook)
    verdict, why = _verdict(event, hook.was)
    details = {"event_type": event.kind.value}
    return Conclusion(verdict=verdict, why=why, events=(event,), details=details)


def _event(fields: Fields, hook: Hook) -> TrackerEvent:
    kind = fields.word("event", EventKind)
    if kind is None and not fields.complaints:
        fields.refuse("event", gettext("say what happened: %(words)s", words=", ".join(EventKind)))
    external_id = fields.needed_text("external_id", LONGEST_ID)
    values: dict[str, Any] = {name: fields.text(name, longest) for name, longest in _TEXTS.items()}
    values |= {name: fields.moment(name) for name in _MOMENTS}
    values |= {name: fields.count(name) for name in _COUNTS}
    values["on_time"] = fields.boolean("on_time")
    asker_kind = fields.word("requester_kind", RequesterKind)
    values["requester_kind"] = RequesterKind(asker_kind) if asker_kind else None
    resolution = Resolution(fields.word("resolution", Resolution) or Resolution.DELIVERED)
    occurred_at = fields.moment("occurred_at") or (values["completed_at"] if kind == EventKind.COMPLETED else None)
    given = frozenset(name for name in (*values, "department") if fields.has(name))
    department, requester = _department(fields), _requester(fields)
    _check(fields, values)
    fields.require_all_well()
    return TrackerEvent(
        external_id=external_id,
        kind=EventKind(kind or EventKind.UPDATED),
        occurred_at=occurred_at or signed_at(hook) or hook.received_at,
        given=given,
        event_id=hook.headers.get("webhook-id"),
        requester=requester,
        department=department,
        resolution=resolution,
        **values,
    )


def _requester(fields: Fields) -> Requester | None:
    """Read `{"email", "name", "id"}`, or an address or a key alone."""
    raw = fields.raw("requester")
    try:
        match raw:
            case None:
                return None
            case str() | int() if not isinstance(raw, bool):
                text = as_text(raw, 320)
                return Requester(email=as_address(text)) if "@" in text else Requester(key=text)
            case dict():
                return _requester_object(Fields(raw, fields.time_zone), fields)
            case _:
                fields.refuse("requester", gettext('write it as {"email": …, "name": …, "id": …}'))
    except Unfit as unfit:
        fields.refuse("requester", unfit)
    return None


def _requester_object(told: Fields, fields: Fields) -> Requester:
    found = Requester(email=told.address("email"), key=told.text("id"), name=told.text("name"))
    fields.complaints += [one._replace(name=f"requester.{one.name}") for one in told.complaints]
    return found


def _department(fields: Fields) -> Mapping[str, str]:
    """Read a code or name, or an object of raw values with the surest first."""
    raw = fields.raw("department")
    if raw is None:
        return {}
    told = raw if isinstance(raw, dict) else {"department": raw}
    if any(isinstance(value, dict | list) for value in told.values()):
        fields.refuse("department", gettext('write it as text or as {"field": "value"}'))
        return {}
    try:
        values = {as_text(name, 60): as_text(value, 200) for name, value in told.items() if value is not None}
        return {name: value for name, value in values.items() if value}
    except Unfit as unfit:
        fields.refuse("department", unfit)
        return {}


def _check(fields: Fields, values: Mapping[str, Any]) -> None:
    created_at, completed_at = values["created_at"], values["completed_at"]
    if created_at and completed_at and completed_at < created_at:
        fields.refuse("completed_at", gettext("it was completed before it was created (created_at)"))
    if values["url"] and not values["url"].startswith(("https://", "http://")):
        fields.refuse("url", Unfit(mark("'%(value)s' is not a web address (https://…)"), values["url"]))


def _verdict(event: TrackerEvent, was: RequestState | None) -> tuple[Verdict, str]:
    match event.kind, was:
        case EventKind.COMPLETED, _ if event.resolution is not Resolution.DELIVERED:
            return judged(event.kind, was, resolution=event.resolution)
        case (EventKind.COMPLETED, RequestState.DONE) | (EventKind.REOPENED, RequestState.OPEN):
            return judged(event.kind, was)
        case EventKind.COMPLETED, _:
            return Verdict.COMPLETED, gettext("the sender says that the request was completed")
        case EventKind.REOPENED, _:
            return Verdict.REOPENED, gettext("the sender says that the request was opened again")
        case EventKind.DELETED, _:
            return Verdict.DELETED, gettext("the sender says that the request was deleted")
        case _:
            return Verdict.NOT_COMPLETED, gettext("an update says nothing about completion")


CONNECTOR = Connector(
    kind="signed",
    side=ConnectionSide.TRACKER,
    read=read,
    verify=verify,
    judge_age=judge_age,
    delivery_key=delivery_key,
    make_secret=make_secret,
)
