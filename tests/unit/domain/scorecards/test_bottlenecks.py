"""Where requests wait: by type of request, what arrives against what leaves, and who feels late though on time."""

from typing import Any

import pytest

from app.domain.asking_policy import Targets
from app.domain.disclosure import Cell, Pattern
from app.domain.instruments import Item
from app.domain.scorecards.bottlenecks import together
from app.domain.scorecards.clock import WorkFigures, published_operations, published_sla
from app.domain.scorecards.document import scorecard_document
from tests.builders.figures import FREEZE, METHOD, answered, document, figures, rated

ACCESS = WorkFigures(
    arrivals=46, completions=40, completion={100: 40}, open_ages={120: 8, 200: 4}, stuck=6, days=92, reopened=4
)
REPAIR = WorkFigures(arrivals=10, completions=12, completion={180: 12}, open_ages={10: 2}, days=92)
TYPES = {"access": ACCESS, "repair": REPAIR}
RATED = {"access": rated(20, 15), "repair": rated(12, 4)}


def test_each_type_has_its_times_with_the_open_ones_censored_and_rates_but_no_counts() -> None:
    found = document(figures(rated(32, 19), cuts={"request_type": RATED}, types=TYPES, work=together(TYPES.values())))

    types = {row["value"]: row for row in found["operations"]["by_request_type"]}
    assert types["access"] == {
        "value": "access",
        "resolution_time": published_operations(ACCESS, 5)["resolution_time"],
        "reopened_share": 0.1,
        "stuck_share": 0.5,
        "arrivals_per_completion": 1.15,
        "littles_law_hours": 576.0,  # 12 open, one of 46 in 92 days arrives every 48 hours
    }
    assert types["repair"]["arrivals_per_completion"] == 0.83
    assert "stuck_share" not in types["repair"]  # two are open


def test_the_whole_is_the_sum_of_its_types() -> None:
    whole = together(TYPES.values())

    assert (whole.arrivals, whole.completions, whole.open, whole.stuck, whole.days) == (56, 52, 14, 6, 92)
    assert whole.completion == {100: 40, 180: 12}
    assert together([]) == WorkFigures()


def test_a_type_whose_rating_is_hidden_hides_its_work() -> None:
    kinds = RATED | {"visit": rated(3, 1), "badge": rated(4, 2)}
    work = TYPES | {"visit": ACCESS, "badge": ACCESS}
    department = figures(rated(39, 20), cuts={"request_type": kinds}, types=work)
    cells = frozenset([Cell("IT"), *(Cell("IT", "request_type", kind) for kind in kinds)])
    hidden = frozenset(Cell("IT", "request_type", kind) for kind in ("visit", "badge"))

    found = scorecard_document(
        department, Pattern(hidden, cells), {}, method=METHOD, period="2026-Q3", revision=1, frozen_at=FREEZE
    )

    assert [row["value"] for row in found["operations"]["by_request_type"]] == ["access", "repair"]


def test_one_type_alone_is_the_whole_again() -> None:
    found = document(figures(rated(20, 15), cuts={"request_type": {"access": rated(20, 15)}}, types={"access": ACCESS}))

    assert "by_request_type" not in found["operations"]


def sla(people: list[list[int]], consenting: int = 0) -> dict[str, Any]:
    """Return the SLA block of people whose requests were on time, with their ratings of the time it took."""
    found = answered(people, Item.TIMELINESS, consenting=consenting)
    return published_sla(
        WorkFigures(), (0, 0), None, Targets(), weighting="per_requester", minimum_group=5, late_feeling=found
    )


def test_those_on_time_who_rate_the_time_low_are_counted_once_a_person() -> None:
    found = sla([[1, 5], [2], [1, 1], *[[4]] * 17])["late_feeling"]

    assert (found["estimate"], found["n"], found["answers"]) == (0.13, 20, 22)  # 0.5 + 1 + 1 of 20


@pytest.mark.parametrize(("people", "consenting", "is_shown"), [(10, 0, True), (9, 0, False), (10, 1, False)])
def test_it_takes_ten_people_who_may_not_be_known(people: int, consenting: int, is_shown: bool) -> None:
    assert ("late_feeling" in sla([[1]] * people, consenting)) is is_shown


def test_the_feeling_is_told_where_on_time_and_late_are_both_there_and_may_be_shown() -> None:
    felt = answered([[2]] * 6 + [[4]] * 14, Item.TIMELINESS)
    both = {"on_time": {"yes": rated(20, 12), "no": rated(10, 4)}}
    answers = figures(rated(30, 16), cuts=both, late_feeling=felt, answered_on_time=(20, 30))

    assert document(answers)["sentences"]["late_feeling"] == {
        "key": "late_feeling",
        "params": {"share": 0.3, "lower": 0.15, "upper": 0.52},
    }
    alone = figures(rated(20, 12), cuts={"on_time": {"yes": rated(20, 12)}}, late_feeling=felt)
    assert "late_feeling" not in document(alone)["sla"]  # it would be the distribution of the whole again
