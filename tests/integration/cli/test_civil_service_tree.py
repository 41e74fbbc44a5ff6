"""Nine years of a civil service: organisations that come, go, move and are renamed, and benchmarks without a basis."""

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.models.departments import Department, versions_at
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

History = dict[str, dict[int, tuple[str, str | None]]]  # name and group by code and year

YEARS = range(2009, 2018)
# Somebody whose organisation was renamed and moved, a neighbour, and one that was in the survey in most years only.
ASKED = ("BRDFCE", "HOMEOF", "ATTGEN", "ONS")
COLUMNS = ("code", "name", "parent_code", "touchpoints", "valid_from", "valid_to")
PERCENTAGES = [
    *("--only", "theme=engagement_index", "--map", "touchpoint=organisation", "--map", "period=year"),
    *(word for year in YEARS for word in ("--value", f"period:{year}={year}-Q4")),  # asked every October
    *("--map", "positive_share=value", "--scale", "positive_share=0.01", "--set", "dimension=overall"),
    *("--set", "instrument=percent", "--ignore-unknown"),
]


def group_code(name: str) -> str:
    """Return one code for a group of organisations, however its name was spelt in a year."""
    plain = re.sub(r"[',<]", "", name.casefold().replace("&", "and"))
    return "group " + re.sub(r" ?(department|ministry) (for|of) ?", "", plain)


def told(shared: Path) -> History:
    """Return name and group of every organisation and every group (no group) by code and year."""
    folder = shared / "data" / "uk_people_survey_2009_2017"
    with (folder / "org_name_history.csv").open(encoding="utf-8") as file:
        uids = {
            (row["organisation"], year): row["uid"]
            for row in csv.DictReader(file)
            for year in range(int(row["year_from"]), int(row["year_to"]) + 1)
        }
    found: defaultdict[str, dict[int, tuple[str, str | None]]] = defaultdict(dict)
    with (folder / "org_hierarchy_by_year.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            year, group = int(row["year"]), row["dept_group"]
            found[uids[row["organisation"], year]][year] = (row["organisation"], group_code(group))
            found[group_code(group)][year] = (group, None)
    return dict(found)


def versions(history: History) -> Iterator[dict[str, str]]:
    """Yield a row for every stretch of years in which an organisation kept its name and its place."""
    for code, by_year in sorted(history.items()):
        begun = min(by_year)
        for year in range(begun, max(YEARS) + 1):
            if year in by_year and by_year.get(year + 1) != by_year[year]:
                name, group = by_year[year]
                yield {
                    "code": code,
                    "name": name,
                    "parent_code": group or "",
                    "touchpoints": f"{name}=1" if group else "",
                    "valid_from": f"{begun}-01-01",
                    "valid_to": "" if year == max(YEARS) else f"{year + 1}-01-01",
                }
            if by_year.get(year + 1) != by_year.get(year):
                begun = year + 1


@pytest.fixture
def flask(sqlite_app: Flask) -> Flaskly:
    return Flaskly(sqlite_app)


def bring_in(flask: Flaskly, history: History, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(versions(history))
    result = flask("import", "departments", path)
    assert result.exit_code == 0, result.output[-2000:]


def test_every_year_has_its_own_names_and_its_own_tree(
    flask: Flaskly, sqlite: Database, shared: Path, tmp_path: Path
) -> None:
    history = told(shared)

    bring_in(flask, history, tmp_path / "departments.csv")

    with sqlite.sessions() as session:
        codes = {department.id: department.code for department in session.scalars(select(Department))}
        stored = {
            year: {
                codes[id_]: (version.name, None if version.parent_id is None else codes[version.parent_id])
                for id_, version in versions_at(session, datetime(year, 12, 31, tzinfo=UTC)).items()
            }
            for year in YEARS
        }

    assert stored == {
        year: {code: by_year[year] for code, by_year in history.items() if year in by_year} for year in YEARS
    }
    assert sum(len({name for name, _ in by_year.values()}) > 1 for by_year in history.values()) > 50  # renamed


def test_published_percentages_are_quoted_beside_colleagues_and_never_subtracted(
    flask: Flaskly, shared: Path, tmp_path: Path
) -> None:
    everybody = told(shared)
    groups = {group for code in ASKED for _, group in everybody[code].values()}
    history = {code: everybody[code] for code in (*ASKED, *sorted(group for group in groups if group))}
    bring_in(flask, history, tmp_path / "departments.csv")
    folder = shared / "data" / "uk_people_survey_2009_2017"
    answers = tmp_path / "answers.csv"
    rows = [
        f"{code}-{year}-{n},{code},person-{n},{year}-10-05,{2 if n % 4 == 0 else 5}"
        for year in YEARS
        for code in ASKED
        if year in history[code]
        for n in range(40)
    ]
    answers.write_text("response_id,provider_department,requester,completed_at,csat_overall\n" + "\n".join(rows))
    for source in ("csps", "desk"):
        flask("sources", "add", source, "--kind", "csv")

    scores = flask("import", "external", folder / "org_theme_scores.csv.gz", "--source", "csps", *PERCENTAGES)
    taken = flask("import", "responses", answers, "--source", "desk")
    built = [flask("scorecards", "build", f"{year}-Q4") for year in YEARS]

    assert scores.stdout.splitlines()[0] == "899 new, 0 changed, 0 unchanged", scores.output
    assert taken.stdout.splitlines()[0] == f"{len(rows)} new, 0 seen before", taken.output
    assert [result.exit_code for result in built] == [0] * len(YEARS)
    published = percentages(folder)
    for year in YEARS:
        for code in (code for code in ASKED if year in history[code]):
            document = shown(flask, f"{year}-Q4", code)
            name = history[code][year][0]
            assert document["department"] == {"code": code, "name": name}
            assert document["gap"] == {"csat_overall": {"comparability": "E", "verdict": "not_comparable"}}
            (quoted,) = document["external"].pop("touchpoints")
            assert document["external"] == {}
            assert (quoted["code"], quoted["comparability"]) == (name, "E")
            assert round(100 * quoted["quoted_share"], 6) == published[name, year]
    renamed = shown(flask, "2014-Q4", "BRDFCE")  # Border Force until 2013
    assert [point["period"] for point in renamed["trend"]] == ["2013-Q4", "2014-Q4"]
    together = shown(flask, "2014-Q4", "group home office")["internal"]["csat_overall"]["top_two_box"]
    assert (together["n"], together["answers"]) == (40, 80)  # the same forty people asked both


def percentages(folder: Path) -> dict[tuple[str, int], float]:
    """Return the engagement index by name and year, as it was published."""
    with gzip.open(folder / "org_theme_scores.csv.gz", "rt", encoding="utf-8") as file:
        return {
            (row["organisation"], int(row["year"])): float(row["value"])
            for row in csv.DictReader(file)
            if row["theme"] == "engagement_index"
        }


def shown(flask: Flaskly, period: str, code: str) -> dict[str, Any]:
    result = flask("scorecards", "show", period, code, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document
