"""How the work's times are said."""

import pytest

from app.foundations.languages import speaking
from app.reports.clock_tables import work_facts


@pytest.mark.parametrize(
    ("hours", "said"),
    [((0.4, 0.9), "95 in 100 within an hour"), ((1.0, 30.0), "half within 1 hour, 95 in 100 within 30 hours")],
)
def test_equal_times_are_said_once(hours: tuple[float, float], said: str) -> None:
    with speaking("en"):
        facts = work_facts({"operations": {"resolution_time": {"median": hours[0], "p95": hours[1]}}})

    assert facts == [("Completion", said)]
