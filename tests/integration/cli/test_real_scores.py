"""Customers' scores of three real organisations, against figures computed from the same files by other means."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.periods import Period
from app.reports.department_scores.customers import read_measures
from tests.builders.service_requests import CALENDAR
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

NHS = [
    *("--map", "response_id=Respondent ID", "--map", "touchpoint=Service type 1", "--map", "answered_at=date_iso"),
    *("--map", "score=FFT categorical answer", "--map", "comment=FFT answer", "--rows", "first"),
    *("--set", "instrument=fft", "--set", "dimension=overall", "--not-applicable", "6,7", "--ignore-unknown"),
]
FACILITIES = (
    *("Q7ART", "Q7FOOD", "Q7STORE", "Q7SIGN", "Q7WALKWAYS", "Q7SCREENS", "Q7INFODOWN", "Q7INFOUP"),
    *("Q7WIFI", "Q7ROADS", "Q7PARK", "Q7AIRTRAIN", "Q7LTPARKING", "Q7RENTAL", "Q7ALL"),
)
SFO = [
    *("--map", "response_id=RESPNUM", "--map", "respondent=RESPNUM", "--set", "instrument=csat5"),
    *("--set", "dimension=csat_overall", "--as", "touchpoint", "--not-applicable", "6,0", "--ignore-unknown"),
    *("--empty", "Blank"),
    *("--unpivot", ",".join(f"{column}={column.lower()}" for column in FACILITIES)),
]
POINTS = "very-dissatisfied=1,dissatisfied=2,neither=3,satisfied=4,very-satisfied=5"
OPG = [
    *(
        "--map",
        "touchpoint=service",
        "--map",
        "period=month",
        "--set",
        "instrument=csat5",
        "--set",
        "dimension=overall",
    ),
    "--ignore-unknown",
]


def rows_of(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def counts_by(database: Database, *columns: str) -> dict[tuple[Any, ...], Counter[int | None]]:
    """Return how often each score (None: not applicable) was given, by the columns."""
    names = ", ".join(columns)
    found: dict[tuple[Any, ...], Counter[int | None]] = {}
    query = f"SELECT {names}, score, COUNT(*) FROM external_responses GROUP BY {names}, score"
    for *key, score, count in rows_of(database, query):
        found.setdefault(tuple(key), Counter())[None if score is None else round(score)] += count
    return found


def mean(counts: Counter[int | None]) -> float:
    rated = {point: count for point, count in counts.items() if point is not None}
    return sum(point * count for point, count in rated.items()) / sum(rated.values())


def share(counts: Counter[int | None], *points: int) -> float:
    return sum(counts[point] for point in points) / (counts.total() - counts[None])


@pytest.fixture
def data(shared: Path) -> Path:
    return shared / "data"


def test_it_agrees_with_the_patients_of_an_ambulance_service(
    flask: Flaskly, database: Database, data: Path, tmp_path: Path
) -> None:
    folder = data / "nhs_fft_neas_to_2022q1"
    expected = json.loads((folder / "expected.json").read_text())["by_service_type_1_per_quarter"]["NEAS"]
    flask("sources", "add", "fft", "--kind", "csv")
    flask("instruments", "add", "fft", "--points", "1..5", "--reverse", "--construct", "satisfaction")
    command = ("import", "external", folder / "comments.csv.gz", "--source", "fft", *NHS)

    refused = flask(*command)
    taken = flask(*command, "--skip-bad-rows", "--rejected", tmp_path / "rejected.csv")
    again = flask(*command, "--skip-bad-rows", "--rejected", tmp_path / "rejected.csv")

    undated = sum(service.get("ambiguous", {}).get("respondents", 0) for service in expected.values())
    assert refused.exit_code == 1
    assert f"date_iso: this must not be empty ({undated} rows: " in refused.stderr
    assert taken.stdout.splitlines()[0] == "1166 new, 0 changed, 0 unchanged", taken.output
    assert again.stdout.splitlines()[0] == "0 new, 0 changed, 1166 unchanged"
    stored = counts_by(database, "touchpoint", "period")
    assert {
        key: (counts.total(), counts[None], round(6 - mean(counts), 4), round(share(counts, 1, 2), 4))
        for key, counts in stored.items()
    } == {
        (service, quarter.replace(".0", "")): (
            figures["respondents"],
            figures["unrated_codes_6_7"],
            figures["mean_score_5best"],
            figures["top2_share"],
        )
        for service, quarters in expected.items()
        for quarter, figures in quarters.items()
        if quarter != "ambiguous"
    }


@pytest.mark.parametrize("year", ["2014", "2015", "2017"])
def test_it_agrees_with_the_passengers_of_an_airport(flask: Flaskly, database: Database, data: Path, year: str) -> None:
    folder = data / "sfo_airport_survey_2014_2015_2017"
    expected = json.loads((folder / "expected.json").read_text())["years"][year]["facilities"]
    flask("sources", "add", "sfo", "--kind", "csv")
    extra = ("--set", f"answered_at={year}-05-15", "--id-prefix", f"{year}-")

    done = flask("import", "external", folder / f"sfo_{year}.csv.gz", "--source", "sfo", *SFO, *extra)

    assert done.exit_code == 0, done.output
    stored = counts_by(database, "touchpoint", "period")
    assert {
        touchpoint: (
            counts.total() - counts[None],
            round(mean(counts), 4),
            round(share(counts, 4, 5), 4),
            round(share(counts, 1, 2), 4),
        )
        for (touchpoint, period), counts in stored.items()
        if period == f"{year}-Q2"
    } == {
        column.lower(): (figures["valid_n"], figures["mean"], figures["top2_share"], figures["bottom2_share"])
        for column, figures in expected.items()
    }


def test_it_agrees_with_the_recommendations_of_2017(
    flask: Flaskly, database: Database, data: Path, tmp_path: Path
) -> None:
    folder = data / "sfo_airport_survey_2014_2015_2017"
    expected = json.loads((folder / "expected.json").read_text())["years"]["2017"]
    flask("sources", "add", "sfo", "--kind", "csv")
    options = [
        *("--map", "response_id=RESPNUM", "--map", "score=NETPRO", "--set", "answered_at=2017-05-15"),
        *("--set", "instrument=nps", "--set", "dimension=recommend", "--set", "touchpoint=airport"),
        *("--not-applicable", "11", "--ignore-unknown"),
        *("--skip-bad-rows", "--rejected", tmp_path / "rejected.csv"),  # one interview holds no answer at all
    ]

    done = flask("import", "external", folder / "sfo_2017.csv.gz", "--source", "sfo", *options)

    assert done.stdout.splitlines()[0] == "2830 new, 0 changed, 0 unchanged", done.output
    (counts,) = counts_by(database, "touchpoint").values()
    promoters, detractors = share(counts, 9, 10), share(counts, *range(7))
    assert (counts.total() - counts[None], round(100 * (promoters - detractors), 2)) == (
        expected["nps"]["valid_n"],
        round(expected["nps"]["nps"], 2),
    )


def test_it_agrees_with_the_monthly_counts_of_a_public_service(flask: Flaskly, database: Database, data: Path) -> None:
    folder = data / "opg_service_satisfaction_lpa"
    expected = json.loads((folder / "expected.json").read_text())["services"]
    flask("sources", "add", "opg", "--kind", "csv")
    buckets = [*OPG, "--map", "counts=count", "--gather-counts", f"dataType:{POINTS}"]

    done = flask("import", "external", folder / "monthly.csv", "--source", "opg", *buckets)

    assert done.stdout.splitlines()[0] == "78 new, 0 changed, 0 unchanged", done.output
    found = {}
    with database.sessions() as session:
        for quarter in sorted({quarter for told in expected.values() for quarter in told["by_quarter"]}):
            for measured in read_measures(session, CALENDAR, Period.parse(quarter))["csat_overall"]:
                share, mean = measured.share(), measured.mean_interval()
                assert share is not None
                assert mean is not None
                on_five_points = 1 + mean.mean / 25
                found[measured.touchpoint, quarter] = (
                    measured.n,
                    round(100 * share.x / share.n, 3),
                    round(on_five_points, 4),
                )
    assert found == {
        (service, quarter): (figures["responses"], figures["percent"], figures["mean_score"])
        for service, told in expected.items()
        for quarter, figures in told["by_quarter"].items()
    }


def test_a_scorecard_prints_the_quarter_of_the_public_service_beside_colleagues(
    flask: Flaskly, data: Path, tmp_path: Path
) -> None:
    folder = data / "opg_service_satisfaction_lpa"
    figures = json.loads((folder / "expected.json").read_text())["services"]["use-an-lpa"]["by_quarter"]["2024-Q3"]
    departments, answers = tmp_path / "departments.csv", tmp_path / "answers.csv"
    departments.write_text("code,name,staff_count,touchpoints\nLPA,Lasting powers of attorney,40,use-an-lpa=1\n")
    rows = [f"R{n},LPA,p{n},2024-08-05T10:00:00Z,{2 if n % 2 else 5}" for n in range(40)]
    answers.write_text("response_id,provider_department,requester,completed_at,csat_overall\n" + "\n".join(rows))
    flask("sources", "add", "opg", "--kind", "csv")
    flask("import", "departments", departments)
    flask("import", "responses", answers, "--source", "opg")
    buckets = [*OPG, "--map", "counts=count", "--gather-counts", f"dataType:{POINTS}"]
    flask("import", "external", folder / "monthly.csv", "--source", "opg", *buckets)

    flask("scorecards", "build", "2024-Q3")

    document = json.loads(flask("scorecards", "show", "2024-Q3", "LPA", "--json").stdout)
    outside = document["external"]["csat_overall"]
    assert (outside["top_two_box"]["n"], outside["top_two_box"]["estimate"]) == (
        figures["responses"],
        round(figures["percent"] / 100, 2),
    )
    assert outside["score_0_100"]["estimate"] == round(25 * (figures["mean_score"] - 1), 1)
    gap = document["gap"]["csat_overall"]
    assert (gap["comparability"], gap["verdict"], gap["top_two_box"]["estimate"]) == ("A", "worse", -0.39)


def test_months_of_which_only_a_percentage_is_known_are_kept_without_n(
    flask: Flaskly, database: Database, data: Path
) -> None:
    flask("sources", "add", "opg", "--kind", "csv")
    options = [
        *("--map", "positive_share=count", "--scale", "positive_share=0.01"),
        *("--only", "dataType=user-satisfaction-percent"),
    ]
    path = data / "opg_service_satisfaction_lpa" / "monthly.csv"

    done = flask("import", "external", path, "--source", "opg", *OPG, *options)

    assert done.stdout.splitlines()[0] == "128 new, 0 changed, 0 unchanged", done.output
    first = "SELECT positive_share, n FROM external_totals WHERE touchpoint = 'make-a-lpa' AND period = '2021-03'"
    assert rows_of(database, first) == [(0.89, None)]
