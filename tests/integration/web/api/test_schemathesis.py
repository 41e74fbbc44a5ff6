"""Whatever the description allows, and some that it does not: no error of ours, and no answer it does not name.

Schemathesis writes the calls from the document alone; half of them go to records that are there. The seed is fixed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.api_scopes import Scope
from app.domain.periods import Calendar
from app.domain.states import Role
from app.foundations import clock
from app.models.follow_ups import FollowUp
from app.models.webhooks import Webhook
from app.upkeep.programs.keys import add_api_key
from app.web.api import limits
from tests.builders.culture import culture, freeze_documents
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.issued import issue, staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import BOB
from tests.servers.databases import Database

Operation = APIOperation[Any, Any, Any, Any]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {
    "period": "2026-Q3",
    "code": "IT",
    "tracker": "desk",
    "slug": "desk",
    "number": 1,
    "external_id": "R-1",
    "name": "warehouse",
}
EXAMPLES = 5  # for each operation and way of making them


@pytest.fixture
def headers(sqlite: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A key that may do everything, as often as it likes; one record of most kinds."""
    for name in ("CALLS", "LISTS", "STRANGERS"):
        monkeypatch.setattr(limits, name, 10**6)
    session = sqlite.session
    it = department(session, "IT")
    issue(session, it, posted=now, calendar=Calendar(ZoneInfo("UTC")))
    cycle = completed_request(session, it, person(session, "ines@example.com"), now - timedelta(days=6))
    asked = invitation(session, cycle, sent_at=now - timedelta(days=6))
    told = {"invitation_id": asked.id, "person_id": asked.person_id, "department_id": it.id, "period": asked.period}
    session.add(FollowUp(**told, created_at=now))
    freeze_documents(session, culture())
    hook = {"url": "https://warehouse.example.com/told", "events": ["import.finished"], "secret": b"sealed"}
    session.add(Webhook(name="warehouse", created_at=now, **hook))
    for role in Role:
        staff(session, BOB.email, role, *([it] if role is Role.HEAD else []), now=now)
    key = add_api_key(session, "script", list(Scope), email=BOB.email, now=clock.now())
    session.commit()
    return {"Authorization": f"Bearer {key}"}


def operations(app: Flask) -> Iterator[Operation]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def calls(operation: Operation) -> Iterator[st.SearchStrategy[Case[Any]]]:
    """Yield ways to make calls of an operation: as described, otherwise, and to records that are there."""
    names = {parameter.name for parameter in operation.path_parameters}
    yield operation.as_strategy()
    if list(operation.query) or operation.body or names:
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    if names and names <= set(KNOWN):
        yield operation.as_strategy(path_parameters={name: KNOWN[name] for name in names})


def test_no_call_breaks_what_the_description_promises(sqlite_app: Flask, headers: dict[str, str]) -> None:
    broken: dict[str, str] = {}
    statuses: dict[str, set[int]] = {}
    for operation in sorted(operations(sqlite_app), key=lambda one: one.method.lower() == "delete"):
        for strategy in calls(operation):

            @seed(20260101)
            @hypothesis_settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=strategy)
            def probe(case: Case[Any]) -> None:
                response = case.call(headers=headers)
                statuses.setdefault(case.operation.label, set()).add(response.status_code)
                try:
                    case.validate_response(response, checks=CHECKS)
                except FailureGroup as failures:
                    broken.setdefault(case.operation.label, f"{case.as_curl_command()}\n{failures.exceptions}")

            probe()

    assert broken == {}
    assert {label for label, seen in statuses.items() if not seen & {200, 422}} == set()
    assert len(statuses) >= 20
