"""Who serves whom: cells as the scorecards show them, never more."""

from datetime import timedelta

import pytest

from app.domain.culture.matrix import OwnPart, own_parts_told
from app.domain.durations import duration_bin
from tests.builders.culture import culture, scorecard, share


def test_a_cell_is_what_the_scorecard_of_its_provider_shows() -> None:
    it = scorecard("IT", (39, 60), {"HR": (14, 30), "SALES": (25, 30)})

    cells = culture(it, volumes={("IT", "HR"): 50, ("IT", "SALES"): 90})["service_matrix"]["cells"]

    assert [(cell["provider"], cell["requester"], cell["volume_band"]) for cell in cells] == [
        ("IT", "HR", 1),
        ("IT", "SALES", 3),
    ]
    assert [cell["top_two_box"] for cell in cells] == [row["top_two_box"] for row in it["by_requester_department"]]
    assert [cell["flag"] for cell in cells] == ["lower", "higher"]
    assert 0.47 < cells[0]["shrunken"] < 0.65  # pulled towards the common share


def test_a_hidden_cell_is_named_and_has_no_figure() -> None:
    it = scorecard("IT", (40, 60), {"HR": (10, 30)}, hidden=("by_requester_department:LAW",))

    found = culture(it, volumes={("IT", "HR"): 50, ("IT", "LAW"): 4})

    matrix = found["service_matrix"]
    assert matrix["hidden"] == [{"provider": "IT", "requester": "LAW"}]
    assert [cell["requester"] for cell in matrix["cells"]] == ["HR"]
    assert matrix["requesters"] == ["HR", "LAW"]
    assert found["suppressed"] == [{"what": "service_matrix:IT:LAW", "why": "protects_a_small_group"}]


def test_the_own_part_of_a_department_that_holds_others_is_a_row_of_its_own() -> None:
    it = scorecard("IT", (39, 60), {"HR": (14, 30), "SALES": (25, 30)})
    own_part = OwnPart({"HR": share(20, 30), "unknown": share(9, 12)}, ("LAW",))

    found = culture(it, own_parts={"ALL/own": own_part, "OPS/own": OwnPart(is_hidden=True)})

    matrix = found["service_matrix"]
    assert {(cell["provider"], cell["requester"]): cell["top_two_box"] for cell in matrix["cells"]} == {
        ("ALL/own", "HR"): share(20, 30),
        ("IT", "HR"): share(14, 30),
        ("IT", "SALES"): share(25, 30),
    }
    assert matrix["hidden"] == [{"provider": "ALL/own", "requester": "LAW"}]
    assert (matrix["providers"], matrix["hidden_providers"]) == (["ALL/own", "IT", "OPS/own"], ["OPS/own"])
    assert own_parts_told(found) == {
        "ALL/own": OwnPart({"HR": share(20, 30)}, ["LAW"]),
        "OPS/own": OwnPart({}, [], is_hidden=True),
    }


def test_a_provider_with_one_requester_department_shows_the_whole_as_its_cell() -> None:
    volumes, askers = {("IT", "HR"): 50}, {"IT": ["HR"]}

    shown = culture(scorecard("IT", (12, 20)), volumes=volumes, askers=askers)["service_matrix"]["cells"]
    hidden = culture(scorecard("IT", (12, 20), hidden=("by_requester_department:HR",)), askers=askers)

    assert [(cell["requester"], cell["top_two_box"]["estimate"]) for cell in shown] == [("HR", 0.6)]
    assert hidden["service_matrix"]["cells"] == []


def test_a_hidden_provider_has_no_cells() -> None:
    found = culture(scorecard("IT", None, hidden=("internal",)), volumes={("IT", "HR"): 50})

    assert found["service_matrix"]["cells"] == []
    assert found["service_matrix"]["hidden_providers"] == ["IT"]
    assert found["finding"] == {"key": "matrix_hidden", "params": {"needed": 5}}


def test_requesters_of_no_known_department_have_no_column() -> None:
    it = scorecard("IT", (40, 60), {"HR": (10, 30), "unknown": (30, 30)})

    assert culture(it)["service_matrix"]["requesters"] == ["HR"]


def test_five_to_nine_people_are_neither_pulled_nor_marked() -> None:
    it = scorecard("IT", (40, 67), {"HR": (10, 30), "LAW": (7, 7), "SALES": (30, 30)})

    (law,) = [cell for cell in culture(it)["service_matrix"]["cells"] if cell["requester"] == "LAW"]

    assert law["top_two_box"]["method"] == "wilson_coarse"
    assert set(law) == {"provider", "requester", "volume_band", "top_two_box"}


def test_services_that_go_both_ways_are_reciprocal() -> None:
    it, hr = scorecard("IT", (20, 30), {"HR": (20, 30)}), scorecard("HR", (9, 30), {"IT": (9, 30), "LAW": (8, 10)})

    found = culture(it, hr, volumes={("IT", "HR"): 80, ("HR", "IT"): 40, ("HR", "LAW"): 40})

    assert found["reciprocity"] == {"reciprocity": 0.67, "weighted_reciprocity": 0.5, "arcs": 3}
    (pair,) = found["satisfaction_reciprocity"]
    assert (pair["a"], pair["b"]) == ("HR", "IT")
    assert pair["top_two_box"]["estimate"] == 0.37  # HR rates IT 0.67, IT rates HR 0.30
    assert pair["top_two_box"]["n"] == [30, 30]


def test_no_pair_is_compared_below_ten_people() -> None:
    it, hr = scorecard("IT", (20, 30), {"HR": (20, 30)}), scorecard("HR", (8, 8), {"IT": (8, 8)})

    assert culture(it, hr, volumes={("IT", "HR"): 80, ("HR", "IT"): 40})["satisfaction_reciprocity"] == []


def test_a_cell_says_how_long_half_of_its_requests_took_at_most() -> None:
    it = scorecard("IT", (39, 60), {"HR": (14, 30), "SALES": (25, 30)}, hidden=("by_requester_department:LAW",))
    day = {duration_bin(timedelta(hours=24)): 3}

    found = culture(it, durations={("IT", "HR"): day | {0: 2}, ("IT", "SALES"): day, ("IT", "LAW"): {0: 90}})

    hours = {cell["requester"]: cell.get("median_hours") for cell in found["service_matrix"]["cells"]}
    assert hours == {"HR": pytest.approx(24, rel=0.025), "SALES": None}  # three requests are too few
