"""The verdict on what a delivery tells, in the words that all trackers share."""

from collections.abc import Sequence
from dataclasses import replace

from app.connectors.hooks import Conclusion, Verdict
from app.domain.service_requests import EventKind
from app.domain.states import RequestState, Resolution
from app.foundations.languages import gettext, mark

_DONE = (Verdict.COMPLETED, mark("the request is done"))
_OPENED = (Verdict.REOPENED, mark("the request was opened again"))
_OPEN = (Verdict.NOT_COMPLETED, mark("the request is open"))
_DELETED = (Verdict.DELETED, mark("the request was deleted"))
_OTHER = (Verdict.NOT_COMPLETED, mark("something else than its state changed"))
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
    itself. What was closed without a delivery completes nothing: nobody is asked about it.
    """
    if kind is EventKind.COMPLETED and resolution is not Resolution.DELIVERED:
        verdict, why = Verdict.NOT_COMPLETED, mark("it was closed without being delivered")
    elif kind is EventKind.REOPENED and was is None and is_event:
        verdict, why = _OPENED
    elif kind is EventKind.DELETED:
        verdict, why = _DELETED
    else:
        verdict, why = _VERDICTS.get((kind, was), _OTHER)
    return verdict, gettext(why)


def together(found: Sequence[Conclusion]) -> Conclusion:
    """Return what a list of at least one entry told; what is explained is the first that changes a state."""
    moving = [one for one in found if one.verdict in {Verdict.COMPLETED, Verdict.REOPENED, Verdict.DELETED}]
    shown = (moving or found)[0]
    events = tuple(event for one in [shown, *(one for one in found if one is not shown)] for event in one.events)
    return replace(shown, events=events)
