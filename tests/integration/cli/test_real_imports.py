"""The logs of two real help desks, against the figures that were computed from the same files by other means."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.models.service_requests import ServiceRequest
from tests.builders.service_requests import CALENDAR
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

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
