"""The verdict on what a delivery tells, in the words that all trackers share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.connectors.hooks import Conclusion, UnreadableBody, Verdict
from app.connectors.lenient import objects
from app.domain.service_requests import EventKind
from app.domain.states import RequestState, Resolution
from app.foundations.languages import gettext, mark

_DONE = (Verdict.COMPLETED, mark("the request is done"))
_OPENED = (Verdict.REOPENED, mark("the request was opened again"))
_OPEN = (Verdict.NOT_COMPLETED, mark("the request is open"))
_DELETED = (Verdict.DELETED, mark("the request was deleted"))
_OTHER = (Verdict.NOT_COMPLETED, mark("something else than its state changed"))
_NOT_ASKED = {
    Resolution.NOT_DELIVERED: mark("it was closed without being delivered"),
    Resolution.AUTOMATIC: mark("it was closed automatically: nobody is asked"),
}
_VERDICTS = {
    (EventKind.COMPLETED, None): _DONE,
    (EventKind.COMPLETED, RequestState.OPEN): _DONE,
    (EventKind.COMPLETED, RequestState.DELETED): _DONE,
    (EventKind.COMPLETED, RequestState.DONE): (Verdict.NOT_COMPLETED, mark("the request was done already")),
    (EventKind.REOPENED, RequestState.DONE): _OPENED,
    (EventKind.REOPENED, RequestState.OPEN): (Verdict.NOT_COMPLETED, mark("the request was open already")),
    (EventKind.REOPENED, RequestState.DELETED): _OPEN,
    (EventKind.REOPENED, None): _OPEN,
}


def judged(
    kind: EventKind,
    was: RequestState | None,
    *,
    is_event: bool = False,
    resolution: Resolution = Resolution.DELIVERED,
) -> tuple[Verdict, str]:
    """Return the verdict with its reason; `was` is the stored state, None where nothing is stored.

    A state that is told open was opened again only if it was done; `is_event` says that the sender told the opening
    itself. What was closed without a delivery, or by itself, completes nothing: nobody is asked about it.
    """
    if kind is EventKind.COMPLETED and resolution in _NOT_ASKED:
        verdict, why = Verdict.NOT_COMPLETED, _NOT_ASKED[resolution]
    elif kind is EventKind.REOPENED and was is None and is_event:
        verdict, why = _OPENED
    elif kind is EventKind.DELETED:
        verdict, why = _DELETED
    else:
        verdict, why = _VERDICTS.get((kind, was), _OTHER)
    return verdict, gettext(why)


def no_event_of_an_issue(named: str | None) -> Conclusion:
    """Ignore what tells of something else than an issue; `named` is the sender's word for it."""
    why = gettext("this is no event of an issue")
    if named is not None:
        why = gettext("%(event)s is no event of an issue", event=named)
    return Conclusion(verdict=Verdict.IGNORED, why=why, details={"event_type": named})


def one_or_list(
    found: object, judge: Callable[[Mapping[str, Any]], Conclusion], judge_one: Callable[[dict[str, Any]], Conclusion]
) -> Conclusion:
    """Judge a list of issues of an API each by `judge`, and a single object by `judge_one`. Raises UnreadableBody."""
    if listed := [judge(one) for one in objects(found)]:
        return together(listed)
    if not isinstance(found, dict):
        raise UnreadableBody(gettext("the body is JSON, but not an object"))
    return judge_one(found)


def together(found: Sequence[Conclusion]) -> Conclusion:
    """Return what a list of at least one entry told; what is explained is the first that changes a state."""
    moving = [one for one in found if one.verdict in {Verdict.COMPLETED, Verdict.REOPENED, Verdict.DELETED}]
    shown = (moving or found)[0]
    events = tuple(event for one in [shown, *(one for one in found if one is not shown)] for event in one.events)
    return replace(shown, events=events)
