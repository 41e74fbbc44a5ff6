"""Earlier answers of two real organisations, from their files to frozen scorecards, against figures of other means."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.instruments import Item
from app.domain.scorecards.internal import ItemFigures
from app.models.departments import Department
from app.reports.department_scores.reading import Place, read_items, read_not_applicable
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

# What a scorecard rounds to, and what the rounding of expected.json adds.
HALF_A_PERCENT, HALF_A_TENTH = 0.005 + 0.0001, 0.05 + 25 * 0.0001
MINIMUM_GROUP = 5
# All fifteen facilities in one year, two in the others, for the time it takes: test_real_scores.py takes all of them.
FACILITIES = {
    "2014": ("Q7FOOD", "Q7STORE"),
    "2015": ("Q7SCREENS", "Q7WIFI"),
    "2017": (),  # all
}
SFO = [
    *("--map", "response_id=RESPNUM", "--map", "requester=RESPNUM", "--as", "provider_department"),
    *("--not-applicable", "6", "--empty", "0", "--empty", "Blank", "--ignore-unknown", "--create-departments"),
]
# A scale that runs the wrong way is turned while it comes in; one respondent is one response, whatever the rows.
NHS = [
    *("--map", "response_id=Respondent ID", "--map", "requester=Respondent ID", "--rows", "first"),
    *("--map", "provider_department=Service type 1", "--map", "completed_at=date_iso"),
    *("--map", "csat_overall=FFT categorical answer", "--not-applicable", "6,7"),
    *(word for code in range(1, 6) for word in ("--value", f"csat_overall:{code}={6 - code}")),
    *("--ignore-unknown", "--create-departments"),
]


def figures_of(session: Session, code: str, period: str) -> tuple[ItemFigures, int]:
    """Return what a scorecard is made of: the figures of csat_overall, and how often nobody could judge."""
    id_ = session.scalars(select(Department.id).where(Department.code == code)).one()
    place = Place(id_, period, frozenset({id_}))
    overall = Item.CSAT_OVERALL
    return read_items(session, place)[overall], read_not_applicable(session, place).get(overall.value, 0)


def per_answer(found: ItemFigures, could_not_judge: int) -> dict[str, float]:
    """Return counts, mean and shares over all answers."""
    mean = sum(point * count for point, count in enumerate(found.counts, start=1)) / found.answers
    return {
        "n": found.answers,
        "not_applicable": could_not_judge,
        "mean": round(mean, 4),
        "top2_share": round(sum(found.counts[3:]) / found.answers, 4),
        "bottom2_share": round(sum(found.counts[:2]) / found.answers, 4),
    }


def shown(flask: Flaskly, period: str, code: str) -> dict[str, Any]:
    result = flask("scorecards", "show", period, code, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


@pytest.mark.parametrize("year", FACILITIES)
def test_scorecards_agree_with_the_passengers_of_an_airport(
    sqlite_app: Flask, sqlite: Database, shared: Path, year: str
) -> None:
    folder = shared / "data" / "sfo_airport_survey_2014_2015_2017"
    told = json.loads((folder / "expected.json").read_text())["years"][year]["facilities"]
    expected = {code: told[code] for code in FACILITIES[year] or told}
    flask = Flaskly(sqlite_app)
    flask("sources", "add", "sfo", "--kind", "csv")
    extra = ("--set", f"completed_at={year}-05-15", "--id-prefix", f"{year}-")
    columns = ("--unpivot", ",".join(f"{code}={code}" for code in expected))

    taken = flask("import", "responses", folder / f"sfo_{year}.csv.gz", "--source", "sfo", *SFO, *columns, *extra)
    built = flask("scorecards", "build", f"{year}-Q2")

    answered = sum(figures["valid_n"] + figures["not_applicable"] for figures in expected.values())
    assert taken.stdout.splitlines()[0] == f"{answered} new, 0 seen before", taken.output
    assert built.stdout.splitlines()[0] == f"{year}-Q2: {len(expected)} scorecards frozen", built.output
    with sqlite.sessions() as session:
        found = {code: per_answer(*figures_of(session, code, f"{year}-Q2")) for code in expected}
    assert found == {
        code: {name: figures["valid_n" if name == "n" else name] for name in found[code]}
        for code, figures in expected.items()
    }
    for code, figures in expected.items():
        printed = shown(flask, f"{year}-Q2", code)["internal"]["csat_overall"]
        assert printed["top_two_box"]["answers"] == figures["valid_n"]
        assert printed["top_two_box"]["estimate"] == pytest.approx(figures["top2_share"], abs=HALF_A_PERCENT)
        assert printed["score_0_100"]["estimate"] == pytest.approx(25 * (figures["mean"] - 1), abs=HALF_A_TENTH)
        not_applicable = figures["not_applicable"]
        assert printed.get("not_applicable", 0) == (not_applicable if not_applicable >= MINIMUM_GROUP else 0)


def test_scorecards_agree_with_the_patients_of_an_ambulance_service(
    flask: Flaskly, database: Database, shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data" / "nhs_fft_neas_to_2022q1"
    expected = json.loads((folder / "expected.json").read_text())["by_service_type_1_per_quarter"]["NEAS"]
    flask("sources", "add", "fft", "--kind", "csv")
    command = ("import", "responses", folder / "comments.csv.gz", "--source", "fft", *NHS)

    refused = flask(*command)
    taken = flask(*command, "--skip-bad-rows", "--rejected", tmp_path / "rejected.csv")
    again = flask(*command, "--skip-bad-rows", "--rejected", tmp_path / "rejected.csv")
    built = [flask("scorecards", "build", period) for period in ("2021-Q2", "2021-Q3", "2021-Q4", "2022-Q1")]

    dated = {
        (code, quarter.replace(".0", "")): told
        for code, quarters in expected.items()
        for quarter, told in quarters.items()
        if quarter != "ambiguous"
    }
    undated = sum(quarters.get("ambiguous", {}).get("respondents", 0) for quarters in expected.values())
    assert refused.exit_code == 1
    assert f"date_iso: this must not be empty ({undated} rows: " in refused.stderr
    assert taken.stdout.splitlines()[0] == "1166 new, 0 seen before", taken.output
    assert again.stdout.splitlines()[0] == "0 new, 1166 seen before"
    assert [result.exit_code for result in built] == [0, 0, 0, 0]
    with database.sessions() as session:
        found = {key: per_answer(*figures_of(session, *key)) for key in dated}
    assert found == {
        key: {
            "n": told["rated"],
            "not_applicable": told["unrated_codes_6_7"],
            "mean": told["mean_score_5best"],
            "top2_share": told["top2_share"],
            "bottom2_share": told["bottom2_share"],
        }
        for key, told in dated.items()
    }


def test_five_patients_of_a_quarter_are_told_in_tenths_and_without_a_mean(
    flask: Flaskly, shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data" / "nhs_fft_neas_to_2022q1"
    expected = json.loads((folder / "expected.json").read_text())["by_service_type_1"]["NEAS"]
    (transport,) = [code for code in expected if "Patient Transport" in code]
    leaving_out = ("--skip-bad-rows", "--rejected", tmp_path / "rejected.csv")
    flask("sources", "add", "fft", "--kind", "csv")
    flask("import", "responses", folder / "comments.csv.gz", "--source", "fft", *NHS, *leaving_out)

    flask("scorecards", "build", "2021-Q2")

    assert shown(flask, "2021-Q2", transport)["internal"]["csat_overall"] == {
        "top_two_box": {"estimate": 0.9, "lower": 0.5, "upper": 1.0, "n": 5, "answers": 5, "method": "wilson_coarse"}
    }
