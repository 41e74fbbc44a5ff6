"""Published percentages of real organisations: quoted with their source, equal to what was published."""

import json
from pathlib import Path
from statistics import mean, median

import pytest
from sqlalchemy import select

from app.models.connections import Connection
from app.models.external_scores import ExternalTotal
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

AS_PERCENT = [
    *(
        "--scale",
        "positive_share=0.01",
        "--set",
        "instrument=percent",
        "--set",
        "dimension=overall",
        "--ignore-unknown",
    ),
]
RELEASES = [
    word for year in range(2015, 2020) for word in ("--value", f"period:07_{year}={year}")
]  # a release is named by the month of its publication


def percentages(database: Database, source: str, period: str) -> dict[str, float]:
    """Return the stored shares of a source in a year as per cent, by touchpoint."""
    with database.sessions() as session:
        query = (
            select(ExternalTotal.touchpoint, ExternalTotal.positive_share)
            .join(Connection, Connection.id == ExternalTotal.source_id)
            .where(Connection.slug == source, ExternalTotal.period == period)
        )
        return {touchpoint: round(100 * share, 6) for touchpoint, share in session.execute(query)}


@pytest.fixture
def hospitals(shared: Path) -> Path:
    return shared / "data" / "hcahps_2015_2019"


@pytest.fixture
def civil_service(shared: Path) -> Path:
    return shared / "data" / "uk_people_survey_2009_2017"


def test_it_agrees_with_the_hospitals_of_a_nation(flask: Flaskly, database: Database, hospitals: Path) -> None:
    expected = json.loads((hospitals / "expected.json").read_text())["releases"]
    columns = ["--map", "period=Release Period", "--map", "positive_share=Top-box Percentage", *RELEASES, *AS_PERCENT]
    by_state = ["--map", "touchpoint=State", "--only"]
    for source in ("nation", "rating", "quiet"):
        flask("sources", "add", source, "--kind", "csv")

    nation = ("import", "external", hospitals / "national_results.csv", "--source", "nation", *columns)
    states = ("import", "external", hospitals / "state_results.csv.gz", *columns, *by_state)
    results = [
        flask(*nation, "--map", "touchpoint=Measure ID"),
        flask(*states, "Measure ID=H_HSP_RATING", "--source", "rating"),
        flask(*states, "Measure ID=H_QUIET_HSP", "--source", "quiet"),
    ]

    assert [result.stdout.splitlines()[0].split(",")[0] for result in results] == ["50 new", "254 new", "254 new"]
    for release, figures in expected.items():
        year = release.removeprefix("07_")
        assert percentages(database, "nation", year) == figures["national_top_box"]
        for source, measure in (("rating", "H_HSP_RATING"), ("quiet", "H_QUIET_HSP")):
            found = percentages(database, source, year)
            assert round(mean(found.values()), 3) == figures["state_mean_top_box"][measure]


def test_what_is_not_available_is_named_and_the_rest_agrees(
    flask: Flaskly, database: Database, hospitals: Path, tmp_path: Path
) -> None:
    expected = json.loads((hospitals / "expected.json").read_text())["releases"]["07_2019"]
    flask("sources", "add", "rates", "--kind", "csv")
    path = hospitals / "responses.csv.gz"
    columns = ["--map", "touchpoint=Facility ID", "--map", "period=Release Period", *RELEASES, *AS_PERCENT]
    command = ("import", "external", path, "--source", "rates", "--only", "Release Period=07_2019", *columns)
    rates = ("--map", "positive_share=Response Rate (%)", "--empty", "Not Available")

    refused = flask(*command, *rates)
    taken = flask(*command, *rates, "--skip-bad-rows", "--rejected", tmp_path / "rejected.csv")

    missing = expected["facilities"] - expected["facilities_with_rate"]
    assert refused.exit_code == 1
    assert f"mean, counts or nps ({missing} rows: " in refused.stderr
    assert taken.stdout.splitlines()[0] == f"{expected['facilities_with_rate']} new, 0 changed, 0 unchanged"
    found = percentages(database, "rates", "2019").values()
    assert (round(mean(found), 3), median(found)) == (expected["mean_response_rate"], expected["median_response_rate"])


def test_it_agrees_with_the_organisations_of_a_civil_service(
    flask: Flaskly, database: Database, civil_service: Path
) -> None:
    expected = json.loads((civil_service / "expected.json").read_text())
    flask("sources", "add", "csps", "--kind", "csv")
    columns = ["--map", "touchpoint=organisation", "--map", "period=year", "--map", "positive_share=value", *AS_PERCENT]
    path = civil_service / "org_theme_scores.csv.gz"

    done = flask("import", "external", path, "--source", "csps", "--only", "theme=engagement_index", *columns)

    assert done.stdout.splitlines()[0] == "899 new, 0 changed, 0 unchanged", done.output
    for year, figures in expected["years"].items():
        found = {
            name: value
            for name, value in percentages(database, "csps", year).items()
            if "benchmark" not in name and "All civil servants" not in name
        }
        assert len(found) == figures["organisations"]
        assert round(mean(found.values()), 3) == figures["mean_by_theme"]["engagement_index"]
        assert median(found.values()) == figures["median_engagement"]
    before, after = (percentages(database, "csps", year) for year in ("2016", "2017"))
    change = {name: after[name] - before[name] for name in before.keys() & after.keys() if "benchmark" not in name}
    told = expected["engagement_change_2016_to_2017"]
    assert max(change.items(), key=lambda pair: pair[1]) == (told["biggest_rise"][0], told["biggest_rise"][1])
