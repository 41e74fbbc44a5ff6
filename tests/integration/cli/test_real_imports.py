"""The logs of two real help desks, against the figures that were computed from the same files by other means."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.scorecards import find_revision
from app.models.service_requests import ServiceRequest
from tests.builders.service_requests import CALENDAR
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database
from tests.servers.kinds import on_sqlite

SERVICENOW = [
    *("--rows", "events", "--done", "status=Closed", "--empty", "?", "--date-format", "%d/%m/%Y %H:%M"),
    *("--map", "external_id=number", "--map", "status=incident_state", "--map", "requester=caller_id"),
    *("--map", "provider_department=assignment_group", "--map", "request_type=category"),
    *("--map", "created_at=opened_at", "--map", "updated_at=sys_updated_at", "--map", "completed_at=closed_at"),
    *("--map", "on_time=made_sla", "--map", "reopened_count=reopen_count"),
    *("--map", "reassignment_count=reassignment_count", "--ignore-unknown", "--create-departments"),
]
HELPDESK = [
    *("--rows", "events", "--done", "status=Closed", "--date-format", "%Y/%m/%d %H:%M:%S.%f"),
    *("--map", "external_id=Case ID", "--map", "status=Activity", "--map", "requester=customer"),
    *("--map", "provider_department=responsible_section", "--ignore-unknown", "--create-departments"),
    *("--map", "created_at=Complete Timestamp", "--map", "updated_at=Complete Timestamp"),
]
CITY = [
    *("--done", "status=Closed", "--date-format", "%m/%d/%Y %I:%M:%S %p", "--time-zone", "UTC"),
    *("--map", "external_id=ServiceRequestNum", "--map", "requester=ServiceRequestNum", "--map", "status=SRStatus"),
    *("--map", "provider_department=Agency", "--map", "requester_department=MethodReceived"),
    *("--map", "request_type=SRType", "--map", "created_at=CreatedDate", "--map", "updated_at=StatusDate"),
    *("--map", "completed_at=CloseDate", "--map", "due_at=DueDate", "--ignore-unknown", "--create-departments"),
]


def rows_of(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def share(database: Database, condition: str, table: str) -> float:
    ((found,),) = rows_of(database, f"SELECT AVG(CASE WHEN {condition} THEN 1.0 ELSE 0 END) FROM {table}")
    return round(float(found), 4)


@pytest.fixture
def servicenow(shared: Path) -> Path:
    return shared / "data" / "servicenow_incidents_even"


@pytest.fixture
def helpdesk(shared: Path) -> Path:
    return shared / "data" / "helpdesk_italy"


def test_it_agrees_with_the_incidents_of_an_it_company(flask: Flaskly, database: Database, servicenow: Path) -> None:
    expected = json.loads((servicenow / "expected.json").read_text())
    flask.tracker("servicenow")
    command = ("import", "requests", servicenow / "events.csv.gz", "--tracker", "servicenow", *SERVICENOW)

    first = flask(*command)
    second = flask(*command)

    per_quarter = dict(rows_of(database, "SELECT period, COUNT(*) FROM request_cycles GROUP BY period"))
    assert first.stdout.splitlines()[0] == "12438 new, 0 changed, 0 unchanged", first.output
    assert second.stdout.splitlines()[0] == "0 new, 0 changed, 12438 unchanged"
    assert per_quarter == expected["closed_per_quarter"]
    assert share(database, "on_time", "request_cycles") == expected["overall"]["made_sla_share"]
    assert share(database, "was_reopened", "request_cycles") == expected["overall"]["reopened_share"]
    assert share(database, "reassignment_count > 0", "service_requests") == expected["overall"]["reassigned_share"]
    assert rows_of(database, "SELECT COUNT(*) FROM departments") == [(expected["groups"],)]
    unknown = "SELECT COUNT(*) FROM request_cycles WHERE provider_department_id IS NULL"
    assert rows_of(database, unknown) == [(expected["unknown_group_incidents"],)]


@on_sqlite
def test_it_agrees_with_the_cases_of_a_software_company(flask: Flaskly, database: Database, helpdesk: Path) -> None:
    expected = json.loads((helpdesk / "expected.json").read_text())
    flask.tracker("helpdesk")
    command = ("import", "requests", helpdesk / "events.csv.gz", "--tracker", "helpdesk", *HELPDESK)

    first = flask(*command)
    second = flask(*command)

    with database.sessions() as session:
        ended = session.scalars(select(ServiceRequest.updated_at)).all()
    per_quarter = Counter(str(CALENDAR.period_of(moment)) for moment in ended)
    assert first.stdout.splitlines()[0] == "4580 new, 0 changed, 0 unchanged", first.output
    assert second.stdout.splitlines()[0] == "0 new, 0 changed, 4580 unchanged"
    assert per_quarter == expected["cases_ended_per_quarter"]
    assert share(database, "state = 'done'", "service_requests") == expected["overall"]["closed_share"]
    sections = rows_of(
        database,
        "SELECT d.code, COUNT(*) FROM service_requests r JOIN departments d ON d.id = r.provider_department_id"
        " GROUP BY d.code",
    )
    assert dict(sections) == {name: told["cases"] for name, told in expected["by_responsible_section"].items()}


def test_it_agrees_with_the_requests_to_a_city(flask: Flaskly, database: Database, shared: Path) -> None:
    city = shared / "data" / "baltimore_311_even"
    expected = json.loads((city / "expected.json").read_text())
    flask.tracker("city")

    done = flask("import", "requests", city / "requests.csv.gz", "--tracker", "city", *CITY)
    built = flask("scorecards", "build", "2018-Q3")

    assert done.stdout.splitlines()[0] == "5000 new, 0 changed, 0 unchanged", done.output
    per_quarter = "SELECT period, COUNT(*) FROM request_cycles GROUP BY period"
    told = expected["completed_per_quarter"]
    assert dict(rows_of(database, per_quarter)) == {quarter.replace(".0", ""): count for quarter, count in told.items()}
    assert on_time_by(database, "provider_department_id") == {
        agency: (figures["closed"], figures["with_due_date"], figures["on_time_share"])
        for agency, figures in expected["by_agency"].items()
    }
    assert on_time_by(database, "requester_department_id") == {
        method: (figures["closed"], figures["with_due_date"], figures["on_time_share"])
        for method, figures in expected["by_method"].items()
        if figures["closed"]
    }
    assert built.exit_code == 0, built.output
    quarter = {agency: told["2018.0-Q3.0"] for agency, told in expected["top6_agencies_per_quarter_2017_2018"].items()}
    large = {agency: figures for agency, figures in quarter.items() if figures["with_due_date"] >= 5}
    with database.sessions() as session:
        found = {agency: shown(session, agency) for agency in large}
    assert found == {
        agency: (figures["closed"], figures["with_due_date"], round(figures["on_time_share"] + 1e-9, 2))
        for agency, figures in large.items()
    }


def on_time_by(database: Database, column: str) -> dict[str, tuple[int, int, float | None]]:
    """Return completed requests, those with a due date, and the share of these on time, by a department."""
    query = (
        "SELECT d.code, COUNT(*), SUM(CASE WHEN c.on_time IS NULL THEN 0 ELSE 1 END),"
        " AVG(CASE WHEN c.on_time IS NULL THEN NULL WHEN c.on_time THEN 1.0 ELSE 0.0 END)"
        f" FROM request_cycles c JOIN departments d ON d.id = c.{column} GROUP BY d.code"
    )
    return {
        code: (count, int(known), None if share is None else round(float(share), 4))
        for code, count, known, share in rows_of(database, query)
    }


def shown(session: Session, code: str) -> tuple[int, int, float]:
    """Return what a scorecard says of completions, known due dates and the share on time."""
    row = find_revision(session, "2018-Q3", code)
    assert row is not None
    document = json.loads(row.document)
    on_time = document["sla"]["on_time"]
    return document["operations"]["completions"], on_time["n"], on_time["estimate"]
