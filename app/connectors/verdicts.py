"""The verdict on what a delivery tells, in the words that all trackers share."""

from app.connectors.hooks import Verdict
from app.domain.service_requests import EventKind
from app.domain.states import RequestState
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


def judged(kind: EventKind, was: RequestState | None, *, is_event: bool = False) -> tuple[Verdict, str]:
    """Return the verdict with its reason; `was` is the stored state, None where nothing is stored.

    A state that is told open was opened again only if it was done; `is_event` says that the sender told the opening
    itself.
    """
    if kind is EventKind.REOPENED and was is None and is_event:
        verdict, why = _OPENED
    elif kind is EventKind.DELETED:
        verdict, why = _DELETED
    else:
        verdict, why = _VERDICTS.get((kind, was), _OTHER)
    return verdict, gettext(why)
