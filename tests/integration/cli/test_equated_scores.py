"""Customers asked on ten points become comparable through people who answered our question as well."""

import json
from pathlib import Path
from typing import Any

from tests.integration.cli.conftest import Flaskly

HEAD = "response_id,touchpoint,dimension,instrument,score,answered_at,respondent"


def scores(linking: int) -> list[str]:
    """Two hundred customers of the shop on ten points; `linking` of them answered our question, too."""
    rows = [HEAD]
    for number in range(200):
        ten = 5 + number % 6
        common = f"2024-02-{1 + number % 28:02d},c{number}"
        rows.append(f"T{number},shop,overall,csat10,{ten},{common}")
        if number < linking:
            rows.append(f"F{number},till,overall,csat5,{min(5, ten // 2 + number % 2)},{common}")
    return rows


def a_scorecard(flask: Flaskly, folder: Path, linking: int) -> dict[str, Any]:
    departments, answers, told = (folder / f"{name}.csv" for name in ("departments", "answers", "scores"))
    departments.write_text("code,name,staff_count,touchpoints\nIT,Computers,40,shop=1\n")
    rows = [f"R{n},IT,p{n},2024-02-05T10:00:00Z,{2 if n % 4 else 5}" for n in range(40)]
    answers.write_text("response_id,provider_department,requester,completed_at,csat_overall\n" + "\n".join(rows))
    told.write_text("\n".join(scores(linking)))
    flask("sources", "add", "old", "--kind", "csv")
    flask("import", "departments", departments)
    flask("import", "responses", answers, "--source", "old")
    taken = flask("import", "external", told, "--source", "old")
    assert taken.exit_code == 0, taken.output
    flask("scorecards", "build", "2024-Q1")
    document: dict[str, Any] = json.loads(flask("scorecards", "show", "2024-Q1", "IT", "--json").stdout)
    return document


def test_a_hundred_people_who_answered_both_set_ten_points_on_our_scale(flask: Flaskly, tmp_path: Path) -> None:
    document = a_scorecard(flask, tmp_path, linking=120)

    (shop,) = document["external"]["touchpoints"]
    gap = document["gap"]["csat_overall"]
    assert (shop["comparability"], shop["why"], shop["equating"]["people"]) == ("B", "equated", 120)
    assert shop["equating"]["method"] == document["external"]["csat_overall"]["score_0_100"]["method"]
    assert (gap["comparability"], gap["verdict"]) == ("B", "worse")
    assert gap["score_0_100"]["method"] == "square_and_add_equated"
    assert "top_two_box" not in gap


def test_ninety_nine_do_not(flask: Flaskly, tmp_path: Path) -> None:
    document = a_scorecard(flask, tmp_path, linking=99)

    (shop,) = document["external"]["touchpoints"]
    assert (shop["comparability"], shop["why"]) == ("C", "far_scale")
    assert "equating" not in shop
    assert document["external"]["csat_overall"]["score_0_100"]["method"] == "mean_adjusted"
    assert document["gap"]["csat_overall"]["score_0_100"]["method"] == "square_and_add"


def test_the_words_say_how_it_was_done(flask: Flaskly, tmp_path: Path) -> None:
    a_scorecard(flask, tmp_path, linking=120)
    page = tmp_path / "page.html"

    flask("scorecards", "show", "2024-Q1", "IT", "--html", page)

    assert "Their mean was set on our scale by people who answered both questions" in page.read_text(encoding="utf-8")
