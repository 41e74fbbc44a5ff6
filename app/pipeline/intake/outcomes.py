"""What a delivery came to once its events were recorded: a tool tells a state, the tables know whether it was news."""

from collections.abc import Sequence

from app.connectors.hooks import Conclusion, Verdict
from app.domain.service_requests import NEVER_TOLD, Change
from app.domain.states import RequestState
from app.foundations.languages import mark
from app.pipeline.intake.events import Recorded

_OPENED = mark("the request was opened again")
_CHANGED_BY = {Verdict.COMPLETED: Change.COMPLETES, Verdict.REOPENED: Change.REOPENS}
_DELETED = mark("the request was deleted before; what is older changes nothing")
_NO_NEWS = {
    (Verdict.COMPLETED, RequestState.DONE): mark("the request was done already"),
    (Verdict.COMPLETED, RequestState.OPEN): mark("the request was opened again since; what is older changes nothing"),
    (Verdict.COMPLETED, RequestState.DELETED): _DELETED,
    (Verdict.REOPENED, RequestState.OPEN): mark("the request was open already"),
    (Verdict.REOPENED, RequestState.DONE): mark("the request was done again since; what is older changes nothing"),
    (Verdict.REOPENED, RequestState.DELETED): _DELETED,
}


def came_to(conclusion: Conclusion, recorded: Sequence[Recorded]) -> tuple[Verdict, str]:
    """Return verdict and reason as they turned out; a connector concludes without knowing what is stored.

    What a tool tells of a request that nobody here knew yet is news, whatever it is.
    """
    changes = {one.change for one in recorded}
    if conclusion.verdict is Verdict.NOT_COMPLETED and Change.REOPENS in changes:
        return Verdict.REOPENED, _OPENED
    expected = _CHANGED_BY.get(conclusion.verdict)
    was_unknown = any(one.before.state_at == NEVER_TOLD for one in recorded)
    if expected is None or expected in changes or was_unknown or not recorded:
        return conclusion.verdict, conclusion.why
    return Verdict.NOT_COMPLETED, _NO_NEWS[conclusion.verdict, recorded[0].before.state]
