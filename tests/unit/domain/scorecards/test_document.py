"""The parts of a document as they stand together: cuts, months, hidden parts, and what is not there."""

from dataclasses import replace
from typing import Any

from app.domain.asking_policy import Targets
from app.domain.disclosure import Cell, Pattern
from app.domain.instruments import Item
from app.domain.scorecards.clock import WorkFigures
from app.domain.scorecards.document import DepartmentFigures, people_behind, scorecard_document
from app.domain.scorecards.funnel import FunnelFigures, published_funnel
from tests.builders.figures import FREEZE, METHOD, answered, document, figures, outside, rated, told

MONTHS = {"2026-07": rated(12, 9), "2026-08": rated(14, 9), "2026-09": rated(9, 9)}


def with_hidden(department: DepartmentFigures, *hidden: Cell) -> dict[str, Any]:
    cells = {Cell("IT"), *(Cell("IT", cut, value) for cut, found in department.cuts.items() for value in found)}
    return scorecard_document(
        department,
        Pattern(frozenset(hidden), frozenset(cells)),
        {},
        method=METHOD,
        period="2026-Q3",
        revision=1,
        frozen_at=FREEZE,
    )


def test_months_appear_when_all_of_them_may_and_otherwise_not_at_all() -> None:
    department = figures(rated(35, 27), cuts={"month": MONTHS})

    shown, hidden = with_hidden(department), with_hidden(department, Cell("IT", "month", "2026-09"))

    assert [(row["value"], row["top_two_box"]["method"]) for row in shown["trend_months"]] == [
        ("2026-07", "wilson"),
        ("2026-08", "wilson"),
        ("2026-09", "wilson_coarse"),
    ]
    assert "trend_months" not in hidden
    assert hidden["suppressed"] == [{"what": "trend_months", "why": "protects_a_small_group"}]


def test_a_hidden_value_of_a_cut_is_named_and_never_sized() -> None:
    kinds = {"access": rated(20, 15), "badge": rated(4, 1), "visit": rated(6, 3), "printer": rated(12, 3)}
    department = figures(rated(42, 22), cuts={"request_type": kinds})

    found = with_hidden(department, Cell("IT", "request_type", "badge"), Cell("IT", "request_type", "visit"))

    assert [row["value"] for row in found["by_request_type"]] == ["access", "printer"]
    assert found["suppressed"] == [
        {"what": "by_request_type:badge", "why": "protects_a_small_group"},
        {"what": "by_request_type:visit", "why": "protects_a_small_group"},
    ]
    assert people_behind(department, found) == {
        "internal:csat_overall": 42,
        "by_request_type:access": 20,
        "by_request_type:printer": 12,
    }


def test_a_hidden_cut_by_on_time_hides_the_share_on_time_of_the_answers() -> None:
    cuts = {"on_time": {"yes": rated(18, 14), "no": rated(2, 1)}}
    answers = figures(rated(20, 15), answered_on_time=(18, 20), cuts=cuts)
    requests = replace(answers, work=WorkFigures(completions=60, on_time_known=60, on_time=54))
    hidden = (Cell("IT", "on_time", "yes"), Cell("IT", "on_time", "no"))

    found = with_hidden(answers, *hidden)

    # 0.9 of 20 would be 18, and two late: the group that the cut hides
    assert (found["sla"].get("on_time"), found["sla"]["watermelon"]) == (None, "too_few")
    assert document(answers)["sla"]["on_time"]["estimate"] == 0.9
    assert with_hidden(requests, *hidden)["sla"]["on_time"]["n"] == 60


def test_five_to_nine_people_in_a_cut_have_no_score() -> None:
    found = document(figures(rated(19, 12), cuts={"on_time": {"yes": rated(10, 7), "no": rated(9, 5)}}))

    assert [sorted(row) for row in found["by_on_time"]] == [
        ["top_two_box", "value"],
        ["score_0_100", "top_two_box", "value"],
    ]


def test_a_hidden_department_shows_customers_and_no_comparison() -> None:
    department = figures(rated(40, 30), dimensions={Item.CSAT_OVERALL: outside(told(counts=(1, 2, 3, 40, 60)))})

    found = with_hidden(department, Cell("IT"))

    assert (found["internal"], found["sla"], found["loop"], found["operations"]) == ({}, {}, {}, {})
    assert found["gap"] == {"csat_overall": {"comparability": "A", "verdict": "too_few"}}
    assert found["external"]["csat_overall"]["top_two_box"]["estimate"] == 0.94
    assert found["suppressed"] == [{"what": "internal", "why": "protects_a_small_group"}]
    assert found["action"] == {}  # not "too few answers": there may be many


def test_a_department_without_answers_still_shows_its_work() -> None:
    work = WorkFigures(arrivals=60, completions=50, on_time_known=50, on_time=45, completion={100: 50})
    asked = FunnelFigures({"completed": 50, "eligible": 50, "invited": 20, "delivered": 20}, 40)

    found = document(figures({}, work=work, funnel=asked))

    assert (found["internal"], found["suppressed"]) == ({}, [])
    assert found["sla"]["on_time"]["estimate"] == 0.9
    assert found["operations"]["completions"] == 50
    assert found["funnel"]["invited"] == 20
    assert found["sentences"]["finding"]["key"] == "finding_no_answers"


def test_targets_are_the_departments_own_for_every_dimension() -> None:
    items = {Item.CSAT_OVERALL: rated(40, 30), Item.TIMELINESS: rated(40, 30)}

    usual = document(figures(items))
    lower = document(replace(figures(items), targets=Targets(0.7, 0.5)))
    higher = document(replace(figures(items), targets=Targets(0.9, 0.95)))

    assert usual["action"]["sentence"]["key"] == "action_none"  # 0.75 (0.60 to 0.86) may well be 0.80
    assert lower["sla"]["target"] == 0.7
    assert lower["sla"]["satisfaction_target"] == 0.5
    assert higher["action"]["dimension"] == "timeliness"


def test_without_invitations_there_is_no_funnel_and_with_both_imports_are_counted_apart() -> None:
    asked = {"completed": 100, "eligible": 80, "invited": 60, "delivered": 55, "answered": 20}

    responses_only = document(figures(rated(20, 15), funnel=FunnelFigures({"completed": 100}, 0, imported=20)))
    both = document(figures(rated(30, 20), funnel=FunnelFigures(asked, 70, imported=10)))
    few = document(figures(rated(30, 20), funnel=FunnelFigures(asked, 70, imported=4)))

    assert responses_only["funnel_basis"] == "responses_only"
    assert "funnel" not in responses_only
    assert both["funnel"] == {
        **asked,
        "imported": 10,
        "requesters": 30,
        "not_asked": {},
        "coverage_rate": 0.75,
        "response_rate": {"estimate": 0.36, "lower": 0.25, "upper": 0.5, "n": 55, "answers": 20, "method": "wilson"},
        "nonresponse_bounds": [0.29, 0.86],
    }
    assert "imported" not in few["funnel"]


def test_worst_cases_take_people_not_requests_and_nothing_below_ten() -> None:
    people = answered([[5, 5, 1]] * 10 + [[1]] * 2)
    funnel = FunnelFigures({"invited": 50, "delivered": 50, "answered": 32}, 40)

    assert published_funnel(funnel, people, 5)["nonresponse_bounds"] == [0.17, 0.87]
    assert "nonresponse_bounds" not in published_funnel(funnel, rated(9, 3), 5)


def test_a_finding_in_points_is_as_sure_as_its_mean() -> None:
    customers = outside(told(instrument="csat10", counts=(10,) * 10))

    found = document(figures(rated(40, 20), dimensions={Item.CSAT_OVERALL: customers}), {Item.CSAT_OVERALL: 0.9})

    mean = found["internal"]["csat_overall"]["score_0_100"]
    params = {"people": 40, "lower": mean["lower"], "upper": mean["upper"]}
    assert found["sentences"]["finding"]["key"] == "finding_no_evidence_score"
    assert found["sentences"]["precision"] == {"key": "precision_score", "params": params}


def test_a_department_that_was_always_hidden_is_promised_no_trend() -> None:
    found = with_hidden(figures(rated(4, 2)), Cell("IT"))

    assert found["internal"] == {}
    assert "trend" not in found["sentences"]
