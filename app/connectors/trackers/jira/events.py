"""From an issue to the event that we record: what its present state tells, and which fields the body speaks of."""

from datetime import datetime, timedelta
from typing import Any

from app.connectors.trackers.jira.history import History
from app.connectors.trackers.jira.issue import Issue, user_of
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import Resolution

# How long after its status an issue may get its resolution; older ones are left over from an earlier completion.
RESOLVED_WITH = timedelta(days=1)

# Ours -> the field of Jira that speaks of it.
_SPOKEN_OF = {
    "title": "summary",
    "status": "status",
    "request_type": "issuetype",
    "requester_kind": "reporter",
    "department": "project",
    "created_at": "created",
    "due_at": "duedate",
}


def event_of(issue: Issue, kind: EventKind, at: datetime, *, moved_at: datetime | None = None) -> TrackerEvent:
    """Return the event; `moved_at` is the moment of its completion where this very event is the completion."""
    assert issue.id is not None
    history = History.of(issue)
    counts = history.counts
    given = {ours for ours, theirs in _SPOKEN_OF.items() if theirs in issue.fields} | counts.keys()
    given |= {name for name, value in (("external_key", issue.key), ("url", issue.url)) if value}
    on_time = issue.on_time
    return TrackerEvent(
        external_id=issue.id,
        kind=kind,
        occurred_at=at,
        given=frozenset(given | ({"on_time"} if on_time is not None else set())),
        external_key=issue.key,
        title=issue.text("summary", longest=1000),
        url=issue.url,
        request_type=_request_type(issue),
        status=issue.text("status", "name"),
        requester=issue.requester,
        requester_kind=issue.requester_kind,
        department=issue.department,
        resolution=issue.resolution if kind is EventKind.COMPLETED else Resolution.DELIVERED,
        created_at=issue.moment("created"),
        due_at=issue.due_at,
        completed_at=_completed_at(issue, history, moved_at) or at if kind is EventKind.COMPLETED else None,
        on_time=on_time,
        **counts,
    )


def told_by_state(issue: Issue, now: datetime) -> TrackerEvent | None:
    """Return what an issue tells by its present state; None where only the site can tell that.

    An issue born done tells nothing of its state where the setting says so.
    """
    is_done = is_done_at_last(issue)
    if issue.id is None or is_done is None:
        return None
    is_ignored = is_done and issue.is_born_done and issue.settings.get("ignore_created_done") is True
    kind = EventKind.UPDATED if is_ignored else EventKind.COMPLETED if is_done else EventKind.REOPENED
    return event_of(issue, kind, issue.moment("updated") or now)


def is_done_at_last(issue: Issue) -> bool | None:
    """Return whether the status is done; servers older than the categories of statuses tell by the resolution."""
    if issue.is_done is None and issue.text("status", "id") and "resolution" in issue.fields:
        return issue.fields["resolution"] is not None
    return issue.is_done


def _completed_at(issue: Issue, history: History, moved_at: datetime | None) -> datetime | None:
    """Cloud says when the category changed; a resolution counts unless it is older than this very completion."""
    if issue.is_born_done and issue.moment("created"):
        return issue.moment("created")
    if changed_at := issue.moment("statuscategorychangedate"):
        return changed_at
    resolved_at = issue.moment("resolutiondate")
    if resolved_at and moved_at and moved_at - resolved_at > RESOLVED_WITH:
        resolved_at = None
    return history.completed_at or resolved_at or moved_at


def _request_type(issue: Issue) -> str | None:
    """Return the customer's request type of Service Management where its field is set, else the type of the issue."""
    named = issue.settings.get("request_type_field")
    told = issue.text(str(named), "requestType", "name") if named else None
    return told or issue.text("issuetype", "name")


def shown(issue: Issue) -> dict[str, Any]:
    """Return what `explain` shows of an issue beside its event."""
    assignee = issue.fields.get("assignee")
    due = issue.text("duedate")
    return {
        "external_id": issue.id,
        "external_key": issue.key,
        "title": issue.text("summary", longest=1000),
        "url": issue.url,
        "requester": person(issue.requester),
        "department": issue.raw_department,
        "assignee": _without_address(assignee),
        "created_at": issue.moment("created"),
        "started_at": History.of(issue).started_at,
        "due_at": due if due and issue.due_at else None,
    }


def person(found: Requester | None) -> dict[str, Any] | None:
    """Return a person as `explain` shows one."""
    return {"id": found.key, "name": found.name, "email": found.email} if found else None


def _without_address(assignee: object) -> dict[str, Any] | None:
    found = user_of(assignee)
    return {"id": found.key, "name": found.name} if found else None
