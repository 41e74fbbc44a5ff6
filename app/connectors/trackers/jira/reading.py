"""What a body from Jira means: a webhook with its changelog, a thin body that must be asked about, or a REST answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.connectors.atlassian import texts_of
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict
from app.connectors.json_body import parse_json
from app.connectors.lenient import inside, objects, text_of, unix_moment
from app.connectors.trackers.jira.answers import as_issue, as_score, is_known_answer
from app.connectors.trackers.jira.events import event_of, person, shown, told_by_state
from app.connectors.trackers.jira.history import Step, last_of, steps_of
from app.connectors.trackers.jira.issue import DONE, Issue, user_of
from app.connectors.verdicts import judged
from app.domain.service_requests import EventKind, TrackerEvent
from app.foundations.languages import gettext, mark

_DOUBTFUL = mark("what comes unsigned, or is always to be checked, is asked for before it counts")

CREATED, UPDATED, DELETED = "jira:issue_created", "jira:issue_updated", "jira:issue_deleted"


def read(hook: Hook) -> Conclusion:
    """Return what a body, or the answer fetched for it, tells. Raises UnreadableBody."""
    if hook.fetched is not None:
        envelope, found = _envelope(hook), _answered(hook, parse_json(hook.fetched))
    else:
        told = parse_json(hook.body)
        envelope = told if isinstance(told, Mapping) else {}
        is_named = text_of(envelope.get("webhookEvent")) is not None
        found = _hooked(hook, envelope) if is_named else _answered(hook, told)
    return replace(found, details={**_of_envelope(envelope), **found.details})


def _envelope(hook: Hook) -> Mapping[str, Any]:
    """Return the body that an answer was fetched for, as far as it can be read."""
    try:
        found = parse_json(hook.body)
    except UnreadableBody:
        return {}
    return found if isinstance(found, Mapping) else {}


def _of_envelope(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `explain` shows of the event itself."""
    told = {
        "event_type": text_of(body.get("webhookEvent")),
        "event_at": unix_moment(body.get("timestamp")),
        "actor": person(user_of(body.get("user"))),
    }
    return {name: value for name, value in told.items() if value is not None}


# --- webhooks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """One webhook: what it is about, and what changed."""

    event: str
    issue: Issue
    status: Step | None
    resolution: Step | None
    at: datetime  # orders the events of an issue: when it was last changed as of this body
    sent_at: datetime

    @classmethod
    def of(cls, hook: Hook, body: Mapping[str, Any]) -> "_Change":
        issue = _issue(hook, body.get("issue"))
        steps = list(steps_of(inside(body, "changelog", "items")))
        sent_at = unix_moment(body.get("timestamp"))
        at = issue.moment("updated") or sent_at or hook.received_at
        event = text_of(body.get("webhookEvent")) or ""
        return cls(event, issue, last_of(steps, "status"), last_of(steps, "resolution"), at, sent_at or at)

    @property
    def says_state(self) -> bool:
        return self.event != UPDATED or bool(self.status or self.resolution)

    @property
    def was_done(self) -> bool | None:
        """Whether the issue was done before; None where the id of its old status says nothing to us."""
        category = self.issue.category_of_id(self.status.before) if self.status else None
        if category is not None:
            return category == DONE
        if self.resolution is None or (self.resolution.before and self.resolution.after):
            return None
        return self.resolution.before is not None


def _hooked(hook: Hook, body: Mapping[str, Any]) -> Conclusion:
    change = _Change.of(hook, body)
    issue = change.issue
    if change.event not in {CREATED, UPDATED, DELETED}:
        why = gettext("%(event)s says nothing about completion", event=change.event)
        return Conclusion(verdict=Verdict.IGNORED, why=why, details=shown(issue))
    if issue.id is None:
        return _by_key(issue)
    if not _counts(issue):
        return _elsewhere(issue)
    if not change.says_state:
        return _metadata(hook, issue, change.at, gettext("neither status nor resolution changed"))
    if _is_doubtful(hook):
        return _fetch(issue, gettext(_DOUBTFUL))
    return _judged(hook, change)


def _judged(hook: Hook, change: _Change) -> Conclusion:
    issue = change.issue
    if change.event == DELETED:
        verdict, why = judged(EventKind.DELETED, hook.was)
        return _concluded(issue, EventKind.DELETED, change.sent_at, verdict, why)
    if issue.is_done is None:
        return _fetch(issue, gettext("the body does not say what category the status has"))
    if not issue.is_done:
        return _opened(hook, issue, change.at, was_done=_was_done_by_all_signs(change))
    return _created_done(hook, change) if change.event == CREATED else _moved_to_done(hook, change)


def _created_done(hook: Hook, change: _Change) -> Conclusion:
    issue = change.issue
    if issue.settings.get("ignore_created_done") is True:
        return _metadata(hook, issue, change.at, gettext("created in a done status, which is set not to count"))
    completed = _completed(hook, issue, change.at, change.at)
    at = issue.moment("created") or change.at  # not when an import or a rule set the status
    return replace(completed, events=tuple(replace(event, completed_at=at) for event in completed.events))


def _moved_to_done(hook: Hook, change: _Change) -> Conclusion:
    """Judge a change of status by both its sides, and one of the resolution alone where no status changed."""
    is_resolved = change.resolution is not None and change.resolution.before is None
    if change.was_done or not (change.status or is_resolved):
        return _metadata(hook, change.issue, change.at, gettext("it was done before this change, too"))
    return _completed(hook, change.issue, change.at, change.sent_at)


def _was_done_by_all_signs(change: _Change) -> bool:
    """Return whether an open issue was done before, for the words of `explain`: what is recorded is that it is open.

    So here, where nothing depends on it, the English name of the old status may stand in for its category.
    """
    if change.was_done is not None or change.status is None:
        return bool(change.was_done)
    return (change.status.before_name or "").lower() in {"done", "resolved", "closed"}


def _completed(hook: Hook, issue: Issue, at: datetime, moved_at: datetime) -> Conclusion:
    event = event_of(issue, EventKind.COMPLETED, at, moved_at=moved_at)
    return _with_verdict(hook, issue, event)


def _opened(hook: Hook, issue: Issue, at: datetime, *, was_done: bool) -> Conclusion:
    verdict, why = judged(EventKind.REOPENED, hook.was, is_event=was_done)
    return _concluded(issue, EventKind.REOPENED, at, verdict, why)


def _metadata(hook: Hook, issue: Issue, at: datetime, why: str) -> Conclusion:
    """Take over what the body says of the issue beside its state; nothing at all from a body that may be anybody's."""
    if _is_doubtful(hook):
        return Conclusion(verdict=Verdict.NOT_COMPLETED, why=why, details=shown(issue))
    return _concluded(issue, EventKind.UPDATED, at, Verdict.NOT_COMPLETED, why)


# --- thin bodies and answers ----------------------------------------------------------------------------------------


def _answered(hook: Hook, told: Any) -> Conclusion:
    """Judge a body without `webhookEvent`: an answer of the REST API, or what a rule or a post-function sends."""
    listed = _list_in(told)
    if listed is not None:
        return _listed(hook, listed)
    if not isinstance(told, Mapping):
        raise UnreadableBody(gettext("the body is JSON, but not an object"))
    score = as_score(told)
    if score is not None:
        return score
    statuses = told.get("statuses")
    issue = _issue(hook, as_issue(told), statuses if isinstance(statuses, Mapping) else {})
    if hook.fetched is not None or (_is_answer(told) and (issue.id or issue.key)):
        return _stated(hook, issue)
    if issue.id or issue.key:
        return _fetch(issue, gettext("the body may show the issue as it was before: it is asked for"))
    if is_known_answer(told):
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("an answer of Jira that names no issue"))
    raise UnreadableBody(gettext("the body holds neither webhookEvent nor an issue: send what Jira's webhooks send"))


def _list_in(told: Any) -> list[Any] | None:
    """Return a list of issues: alone, as a page of a search, or as one of Service Management's pages."""
    if isinstance(told, list):
        return told or None
    pages = (inside(told, name) for name in ("issues", "values"))
    return next((one for one in pages if isinstance(one, list)), None)


def _is_answer(told: Mapping[str, Any]) -> bool:
    """Tell an answer of the REST API, which says what it could expand, from the issue that a rule sends."""
    return ("expand" in told and "fields" in told) or "currentStatus" in told


def _listed(hook: Hook, listed: list[Any]) -> Conclusion:
    found = [_stated(hook, _issue(hook, as_issue(one))) for one in objects(listed) if "fields" in as_issue(one)]
    if not found:
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("an answer of Jira that names no issue"))
    events = tuple(event for one in found for event in one.events)
    return replace(found[0], events=events, fetch=tuple(number for one in found for number in one.fetch))


def _stated(hook: Hook, issue: Issue) -> Conclusion:
    """Judge an issue by its present state."""
    if issue.id is None:
        raise UnreadableBody(gettext("the answer of Jira names no issue"))
    if not _counts(issue):
        return _elsewhere(issue)
    if hook.fetched is None and _is_doubtful(hook):
        return _fetch(issue, gettext(_DOUBTFUL))
    told = told_by_state(issue, hook.received_at)
    if told is None and hook.fetched is None:
        return _fetch(issue, gettext("the body does not say what category the status has"))
    if told is None:
        raise UnreadableBody(gettext("the answer of Jira holds no status: the account must see the field"))
    if told.kind is EventKind.COMPLETED:
        return _with_verdict(hook, issue, told)
    if told.kind is EventKind.UPDATED:
        return _metadata(hook, issue, told.occurred_at, gettext("created in a done status, which is set not to count"))
    return _opened(hook, issue, told.occurred_at, was_done=False)


# --- conclusions ----------------------------------------------------------------------------------------------------


def _issue(hook: Hook, raw: object, statuses: Mapping[str, str] | None = None) -> Issue:
    found = raw if isinstance(raw, Mapping) else {}
    return Issue(found, hook.settings, hook.time_zone, statuses or {})


def _is_doubtful(hook: Hook) -> bool:
    """True where bodies are not believed: unsigned ones, and all of a connection that is set to ask always."""
    return hook.settings.get("unsigned") is True or hook.settings.get("always_fetch") is True


def _counts(issue: Issue) -> bool:
    projects = texts_of(issue.settings.get("projects"))
    key = issue.text("project", "key")
    return not projects or key is None or key in projects


def _elsewhere(issue: Issue) -> Conclusion:
    why = gettext("the project %(key)s is not among those that count", key=issue.text("project", "key"))
    return Conclusion(verdict=Verdict.IGNORED, why=why, details=shown(issue))


def _by_key(issue: Issue) -> Conclusion:
    if issue.key is None:
        raise UnreadableBody(gettext("the body names no issue: switch 'Exclude body' off in the webhook of Jira"))
    return _fetch(issue, gettext("the body names the issue by its key only"))


def _fetch(issue: Issue, why: str) -> Conclusion:
    wanted = issue.id or issue.key
    assert wanted is not None
    return Conclusion(verdict=Verdict.FETCH, why=why, fetch=(wanted,), details=shown(issue) | {"external_id": wanted})


def _with_verdict(hook: Hook, issue: Issue, event: TrackerEvent) -> Conclusion:
    verdict, why = judged(event.kind, hook.was, resolution=event.resolution)
    return Conclusion(verdict=verdict, why=why, events=(event,), details=shown(issue))


def _concluded(issue: Issue, kind: EventKind, at: datetime, verdict: Verdict, why: str) -> Conclusion:
    return Conclusion(verdict=verdict, why=why, events=(event_of(issue, kind, at),), details=shown(issue))
