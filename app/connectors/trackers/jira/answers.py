"""Shapes other than the issue itself: requests of Service Management, ratings, and answers that say nothing to us."""

import re
from collections.abc import Mapping
from typing import Any

from app.connectors.atlassian import rating_of
from app.connectors.hooks import Conclusion, Verdict
from app.connectors.lenient import inside, objects, text_of
from app.foundations.languages import gettext

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+")


def as_issue(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the issue in a body: under `issue`, as the body itself, as a customer's request, or by its names alone."""
    if isinstance(told.get("issue"), Mapping):
        return _mapping(told["issue"])
    if isinstance(told.get("issue"), str):
        told = {**told, "issueKey": told["issue"]}
    if isinstance(told.get("fields"), Mapping):
        return told
    if "currentStatus" in told:
        return _of_request(told)
    key = next((told[name] for name in ("issueKey", "issue_key", "key") if isinstance(told.get(name), str)), None)
    if key is None or not _KEY.fullmatch(key):
        return {}
    own = told.get("id") if "key" in told else None
    return {"id": told.get("issueId") or told.get("issue_id") or own, "key": key}


def _of_request(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a request of `/rest/servicedeskapi/request/{key}` in the shape of an issue."""
    status = inside(told, "currentStatus")
    values = {text_of(one.get("fieldId")): one.get("value") for one in objects(told.get("requestFieldValues"))}
    fields = {
        "summary": told.get("summary") or values.get("summary"),
        "status": {
            "name": inside(status, "status"),
            "statusCategory": {"key": inside(status, "statusCategory")},
        },
        "reporter": told.get("reporter"),
        "created": inside(told, "createdDate", "iso8601"),
        "statuscategorychangedate": inside(status, "statusDate", "iso8601"),
    }
    told_fields = {name: value for name, value in fields.items() if value is not None}
    return {"id": told.get("issueId"), "key": told.get("issueKey"), "fields": told_fields}


def as_score(told: Mapping[str, Any]) -> Conclusion | None:
    """Return what a rating of `/rest/servicedeskapi/request/{key}/feedback` tells; None for any other body.

    A tracker records no scores: the source of the kind jira fetches them.
    """
    if told.get("type") != "csat":
        return None
    rating = rating_of(told)
    if rating is None:
        return Conclusion(verdict=Verdict.NO_SCORE, why=gettext("the customer has not rated the request"))
    why = gettext("a customer's rating of 1 to 5")
    return Conclusion(verdict=Verdict.SCORE, why=why, details={"score": rating})


def is_known_answer(told: Mapping[str, Any]) -> bool:
    """True for a service level, or the state of a customer's request, alone."""
    return any(name in told for name in ("completedCycles", "ongoingCycle", "currentStatus"))


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
