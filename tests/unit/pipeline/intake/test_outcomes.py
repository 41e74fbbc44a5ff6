"""A delivery is told as it turned out: what a tool reports as news may be known, or older than what is known."""

from datetime import UTC, datetime

import pytest

from app.connectors.hooks import Conclusion, Verdict
from app.domain.service_requests import Change, Standing
from app.domain.states import RequestState
from app.models.service_requests import ServiceRequest
from app.pipeline.intake.events import Recorded
from app.pipeline.intake.outcomes import came_to

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
TOLD = {
    Verdict.COMPLETED: "the request is done",
    Verdict.REOPENED: "the request was opened again",
    Verdict.NOT_COMPLETED: "the request is open",
}


def _came_to(verdict: Verdict, before: Standing, change: Change) -> tuple[Verdict, str]:
    recorded = Recorded(ServiceRequest(), before, change)
    return came_to(Conclusion(verdict=verdict, why=TOLD[verdict]), [recorded])


@pytest.mark.parametrize(
    ("told", "before", "change", "verdict", "why"),
    [
        ("completed", "open", "completes", "completed", "the request is done"),
        ("completed", "done", "nothing", "not_completed", "the request was done already"),
        (
            "completed",
            "deleted",
            "nothing",
            "not_completed",
            "the request was deleted before; what is older changes nothing",
        ),
        (
            "completed",
            "open",
            "nothing",
            "not_completed",
            "the request was opened again since; what is older changes nothing",
        ),
        ("reopened", "done", "reopens", "reopened", "the request was opened again"),
        ("reopened", "open", "nothing", "not_completed", "the request was open already"),
        ("not_completed", "done", "reopens", "reopened", "the request was opened again"),
        ("not_completed", "done", "nothing", "not_completed", "the request is open"),
    ],
)
def test_a_conclusion_is_told_as_it_turned_out(told: str, before: str, change: str, verdict: str, why: str) -> None:
    standing = Standing(RequestState(before), NOON)

    assert _came_to(Verdict(told), standing, Change(change)) == (Verdict(verdict), why)


def test_what_is_told_of_a_request_that_nobody_knew_is_news() -> None:
    found = _came_to(Verdict.REOPENED, Standing(), Change.NOTHING)

    assert found == (Verdict.REOPENED, "the request was opened again")


def test_what_recorded_nothing_stays_as_it_was_concluded() -> None:
    conclusion = Conclusion(verdict=Verdict.SCORE, why="a score")

    assert came_to(conclusion, []) == (Verdict.SCORE, "a score")
