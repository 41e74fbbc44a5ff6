"""What scopes of keys and events of webhooks are called, in the language of the moment."""

from app.domain.api_scopes import Scope
from app.domain.webhooks import WebhookEvent, WebhookState
from app.foundations.languages import gettext, mark

_SCOPES = {
    Scope.REQUESTS_READ: mark("read requests"),
    Scope.REQUESTS_WRITE: mark("tell of requests"),
    Scope.DEPARTMENTS_READ: mark("read departments"),
    Scope.DEPARTMENTS_WRITE: mark("change departments"),
    Scope.PEOPLE_READ: mark("read people"),
    Scope.PEOPLE_WRITE: mark("change people"),
    Scope.EXTERNAL_SCORES_WRITE: mark("tell of customers' scores"),
    Scope.RESPONSES_WRITE: mark("bring earlier answers"),
    Scope.DECISIONS_READ: mark("read why somebody was asked or not"),
    Scope.SCORECARDS_READ: mark("read scorecards"),
    Scope.SCORECARDS_WRITE: mark("stop and resume the mails of a quarter"),
    Scope.RECIPIENTS_READ: mark("see who gets scorecards by mail"),
    Scope.RECIPIENTS_WRITE: mark("choose who gets scorecards by mail"),
    Scope.CULTURE_READ: mark("read HR's document"),
    Scope.POLICY_READ: mark("read the policy"),
    Scope.POLICY_WRITE: mark("change the policy"),
    Scope.TRACKERS_READ: mark("see how trackers are doing"),
    Scope.TRACKERS_WRITE: mark("have failed events read again"),
    Scope.FOLLOW_UPS_READ: mark("see contact cases, without names"),
    Scope.FOLLOW_UPS_WRITE: mark("close contact cases"),
    Scope.HELD_BACK_READ: mark("see patterns of held-back answers"),
    Scope.AUDIT_READ: mark("read the log"),
    Scope.WEBHOOKS_READ: mark("see webhooks"),
    Scope.WEBHOOKS_WRITE: mark("make and remove webhooks"),
}
_EVENTS = {
    WebhookEvent.SCORECARD_ISSUED: mark("a scorecard was issued"),
    WebhookEvent.LOW_RATING_CONSENTED: mark("somebody who rated low asked to be contacted"),
    WebhookEvent.IMPORT_FINISHED: mark("an import finished"),
    WebhookEvent.TEST: mark("a test"),
}
_STATES = {
    WebhookState.WAITING: mark("on its way"),
    WebhookState.DELIVERED: mark("taken"),
    WebhookState.FAILED: mark("given up"),
}


def scope_in_words(scope: Scope) -> str:
    """Return what a key with this scope may do."""
    return gettext(_SCOPES[scope])


def event_in_words(event: WebhookEvent) -> str:
    """Return what has happened when this event is told."""
    return gettext(_EVENTS[event])


def state_in_words(state: WebhookState) -> str:
    """Return what has become of one event."""
    return gettext(_STATES[state])
